"""What test/openai/python-client.test.ts has the official Python client do; one JSON object a line is printed."""

import asyncio
import base64
import json
import os
import sys

import openai


def say(name, **facts):
    print(json.dumps({"name": name, **facts}), flush=True)


def failure(call):
    try:
        call()
    except openai.APIError as error:
        return {
            "type": type(error).__name__,
            "param": getattr(error, "param", None),
            "code": getattr(error, "code", None),
            "message": getattr(error, "message", None),
        }
    return {"type": None}


client = openai.OpenAI(max_retries=0)
short = {"model": "tts-1", "voice": "alloy", "input": "The birch canoe slid on the smooth planks."}

say("models", ids=[model.id for model in client.models.list()])

for format in ["mp3", "opus", "aac", "flac", "wav", "pcm"]:
    response = client.audio.speech.create(**short, response_format=format)
    say("format", format=format, audio=base64.b64encode(response.content).decode())

path = os.environ["OUT"]
with client.audio.speech.with_streaming_response.create(**short, response_format="wav") as response:
    response.stream_to_file(path)
say("file", bytes=os.path.getsize(path), type=response.headers["content-type"])

with client.audio.speech.with_streaming_response.create(
    model="gpt-4o-mini-tts", voice="onyx", input=os.environ["LONG"], response_format="pcm"
) as response:
    chunks = response.iter_bytes(1024)
    first = next(chunks)
    say("first", bytes=len(first), job=response.headers["x-speaker-job"])
    # The test looks at the job now, and says when it has.
    sys.stdin.readline()
    say("rest", bytes=len(first) + sum(len(chunk) for chunk in chunks))

with client.audio.speech.with_streaming_response.create(
    **short, response_format="pcm", stream_format="sse"
) as response:
    events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
say("events", types=sorted({event["type"] for event in events}), last=events[-1])


async def at_once():
    several = openai.AsyncOpenAI(max_retries=0)
    texts = ["One.", "Two.", "Three."]
    answers = await asyncio.gather(
        *(several.audio.speech.create(**{**short, "input": text}) for text in texts)
    )
    return [len(answer.content) for answer in answers]


say("async", bytes=asyncio.run(at_once()))

speak = client.audio.speech.create
say("error", **failure(lambda: openai.OpenAI(api_key="sk-nobody", max_retries=0).models.list()))
say("error", **failure(lambda: speak(**{**short, "voice": "darth"})))
say("error", **failure(lambda: speak(**{**short, "model": "whisper-1"})))
say("error", **failure(lambda: speak(**short, speed=4)))
