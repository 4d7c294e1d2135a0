"""A recogniser of American English as a judge of speech: a request a line on stdin, an answer a line on stdout, both JSON.

Request: {"pcm": "path of 16-bit mono PCM at 16 kHz"}. Answer: {"text": "…"}. The first answer is {"versions": {…}}.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from pocketsphinx import Decoder

decoder = Decoder(samprate=16000, loglevel="FATAL")


def answer(value: dict) -> None:
    print(json.dumps(value), flush=True)


answer({"versions": {"pocketsphinx": version("pocketsphinx")}})
for line in sys.stdin:
    decoder.start_utt()
    decoder.process_raw(Path(json.loads(line)["pcm"]).read_bytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    answer({"text": "" if hypothesis is None else hypothesis.hypstr})
