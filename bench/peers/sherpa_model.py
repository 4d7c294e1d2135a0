"""Kokoro's published weights as sherpa-onnx reads them: the same graph with its metadata, all packs in one file, symbols.

Arguments: the model file, the folder of voice packs, the folder to write to.
"""

import json
import sys
from pathlib import Path

import espeakng_loader
import kokoro_onnx
import onnx

model, packs, folder = (Path(argument) for argument in sys.argv[1:4])
voices = sorted(packs.glob("*.bin"))
names = [voice.stem for voice in voices]
graph = onnx.load(model)
metadata = {
    "model_type": "kokoro",
    "language": "multi-lang",
    "has_espeak": "1",
    "sample_rate": "24000",
    "version": "2",
    "voice": "en-us",
    "style_dim": "510,1,256",
    "max_token_len": "510",
    "n_speakers": str(len(names)),
    "speaker_names": ",".join(names),
}
for key, value in metadata.items():
    entry = graph.metadata_props.add()
    entry.key, entry.value = key, value
onnx.save(graph, folder / "model.onnx")
(folder / "voices.bin").write_bytes(b"".join(voice.read_bytes() for voice in voices))
vocabulary = json.loads((Path(kokoro_onnx.__file__).parent / "config.json").read_text(encoding="utf-8"))["vocab"]
(folder / "tokens.txt").write_text("".join(f"{symbol} {number}\n" for symbol, number in vocabulary.items()), encoding="utf-8")
(folder / "about.json").write_text(json.dumps({"voices": names, "espeak": str(espeakng_loader.get_data_path())}))
