/** A figure with the bound that issue and design set for it. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly bound: "at most" | "at least";
  readonly limit: number;
}

/** What one section of the benchmark found. */
export interface Section {
  readonly title: string;
  /** What was compared and how, in full sentences. */
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly goals: readonly Goal[];
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Progress goes to standard error: the tables can be redirected. */
export function tell(text: string): void {
  process.stderr.write(`  … ${text}\n`);
}

export function printSection({ title, notes, columns, rows, goals }: Section): void {
  print(`\n## ${title}\n`);
  for (const note of notes) print(note);
  print(`\n${table(columns, rows)}\n`);
  for (const goal of goals) print(describeGoal(goal));
}

export function isMet({ value, bound, limit }: Goal): boolean {
  return bound === "at most" ? value <= limit : value >= limit;
}

export function describeGoal(goal: Goal): string {
  const { what, value, bound, limit } = goal;
  return `${isMet(goal) ? "met   " : "MISSED"}  ${what}: ${value.toFixed(3)} (goal: ${bound} ${limit})`;
}

/** A Markdown table whose columns line up on a terminal too: the first to the left, figures to the right. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => pad(cells[index] ?? "", width, index)).join(" | ")} |`;
  const rule = widths.map(
    (width, index) => "-".repeat(index === 0 ? width : width - 1) + (index === 0 ? "" : ":"),
  );
  return [line(columns), line(rule), ...rows.map(line)].join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
