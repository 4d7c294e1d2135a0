"""kokoro-onnx as a peer of the benchmarks: a request a line on stdin, an answer a line on stdout, both JSON.

Arguments: the model file, the folder of voice packs (float32 [510, 1, 256] each), the voice.
Request: {"text": "…"}. Answer: {"seconds": 1.23, "audioSeconds": 4.56}. The first answer is {"versions": {…}}.
"""

import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from kokoro_onnx import Kokoro

model, voices, voice = sys.argv[1:4]
with tempfile.TemporaryDirectory() as folder:
    packed = Path(folder, "voices.npz")
    np.savez(packed, **{voice: np.fromfile(Path(voices, f"{voice}.bin"), dtype=np.float32).reshape(510, 1, 256)})
    kokoro = Kokoro(model, str(packed))


def answer(value: dict) -> None:
    print(json.dumps(value), flush=True)


answer({"versions": {name: version(name) for name in ("kokoro-onnx", "onnxruntime", "numpy")}})
for line in sys.stdin:
    started = time.perf_counter()
    samples, sample_rate = kokoro.create(json.loads(line)["text"], voice=voice, speed=1.0, lang="en-us")
    answer({"seconds": time.perf_counter() - started, "audioSeconds": len(samples) / sample_rate})
