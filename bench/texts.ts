/** About 2,000 characters of plain prose in sentences of different length: two minutes of speech. */
export const LONG_TEXT = `The harbour wakes before the town does. At half past four the first boats come in, low in the water, with their lamps still burning, and the gulls begin to argue over what they hope will be thrown to them. Nobody speaks much. The crews have been out for nine hours, and whatever there was to say was said before midnight.

On the quay the buyers wait with their hands in their pockets. They have learned to look bored. A crate of mackerel is tipped onto the ice, somebody names a price, somebody else laughs, and the business of the day is under way. By six o'clock most of it is over. The ice has turned grey, the lorries have gone, and a boy with a hose is washing the stones down towards the sea.

I used to come here with my grandfather, who had been a cooper until there were no more barrels to make. He knew every boat by the sound of its engine. We would sit on the wall behind the net loft, where the wind could not find us, and he would tell me which of them had been built in our own yard and which had been bought from strangers. The strangers' boats, he said, were perfectly good; they simply had not been introduced.

What I remember best is the quiet that came afterwards. The tide turned, the ropes went slack, and for a little while nothing at all was expected of anyone. My grandfather would take out his watch, look at it for a long time, and put it away again without telling me what it said. Then we walked home along the railway line, past the allotments and the broken signal, and he would ask me what I had seen.

It was never enough to say that I had seen the boats. He wanted to know how many there were, and which one had come in last, and whether the woman with the red scarf had bought anything. If I could not answer, he did not scold. He only nodded, and said that there would be another morning, and that the harbour would certainly be there for it. He was right about that, as he was about most things that could be counted before breakfast.`;

/** A paragraph of sixty words. */
export const PARAGRAPH = `The library closes early on Thursdays, so we met outside. Rain had been falling since noon, and the square was empty except for a man selling chestnuts under a green umbrella. He gave us two paper bags without being asked. We ate, watched the lights come on along the river, and talked about everything except the letter in my pocket.`;

/** Paragraphs of about sixty words each: a story, news, instructions and a talk; first sentences of 10 to 23 words. */
export const PARAGRAPHS = [
  PARAGRAPH,
  `The city council decided on Tuesday evening to close the old bridge to lorries until engineers have examined its southern foundations. Cracks had been found there in spring. Buses will take another route from next week, and drivers should expect delays of ten to fifteen minutes. A final report is expected before the end of the year, the mayor said.`,
  `Before you begin, check that the machine is switched off and that the water tank is empty. Remove the filter from the back, rinse it under cold water and let it dry for an hour. Never use soap. When you put it back, turn it clockwise until you hear a click, then fill the tank and start the short programme.`,
  `Thank you all for coming out on such a cold night to talk about something as unfashionable as soil. Most of us walk over it every day and never give it a thought. Yet a spoonful of good earth holds more living things than there are people on this planet, and nearly all of our food depends on them.`,
] as const;

/** Harvard sentences, list 1 (IEEE Recommended Practice for Speech Quality Measurements, 1969). */
export const HARVARD_SENTENCES = [
  "The birch canoe slid on the smooth planks.",
  "Glue the sheet to the dark blue background.",
  "It's easy to tell the depth of a well.",
  "These days a chicken leg is a rare dish.",
  "Rice is often served in round bowls.",
  "The juice of lemons makes fine punch.",
  "The box was thrown beside the parked truck.",
  "The hogs were fed chopped corn and garbage.",
  "Four hours of steady work faced us.",
  "A large size in stockings is hard to sell.",
] as const;
