"""One trial of Python requests against a server; see RequestsClient. Arguments: trial, URL of the file, URL of the master, a file."""
import hashlib
import os
import sys

import requests

trial, url, master, path = sys.argv[1:]
with open(path, "rb") as source:
    content = source.read()
session = requests.Session()


def check(condition, what):
    if not condition:
        sys.exit(f"{trial}: {what}")


def read_back(expected=content):
    answer = session.get(url, timeout=30)
    check(answer.status_code == 200, answer.status_code)
    check(answer.content == expected, f"{len(answer.content)} bytes came back, expected {len(expected)}")
    return answer


def form():
    with open(path, "rb") as source:
        answer = session.post(url, files={"file": source}, data={"title": "A day"}, timeout=30)
    check(answer.status_code == 201, answer.text)
    check(answer.json()["name"] == os.path.basename(path), answer.text)
    check(answer.json()["size"] == len(content), answer.text)
    read_back()


def raw():
    with open(path, "rb") as source:
        answer = session.put(url, data=source, headers={"Content-Type": "image/x-own"}, timeout=30)
    check(answer.status_code == 201, answer.text)
    check(read_back().headers["Content-Type"] == "image/x-own", "another type")


def generator():
    pieces = (content[at:at + 10_000] for at in range(0, len(content), 10_000))
    answer = session.put(url, data=pieces, timeout=30)
    check(answer.status_code == 201, answer.text)
    read_back()
    # A POST of bytes has no type here, and the answer says what to do.
    answer = session.post(url, data=content, timeout=30)
    check(answer.status_code == 400 and "a PUT may go without" in answer.json()["error"], answer.text)


def json():
    answer = session.post(url, json={"words": ["a"] * 1000}, timeout=30)
    check(answer.status_code == 201, answer.text)
    check(session.get(url, timeout=30).json()["words"] == ["a"] * 1000, "other words")


def stream():
    session.put(url, data=content, timeout=30)
    digest = hashlib.sha256()
    with session.get(url, stream=True, timeout=30) as answer:
        for piece in answer.iter_content(64 << 10):
            digest.update(piece)
    check(digest.digest() == hashlib.sha256(content).digest(), "another content")
    part = session.get(url, headers={"Range": "bytes=100-199"}, timeout=30)
    check(part.status_code == 206 and part.content == content[100:200], part.status_code)


def gzip():
    text = b"the same words again and again " * 1000
    session.post(url, files={"file": ("words.txt", text)}, timeout=30)
    answer = read_back(text)
    check(answer.headers.get("Content-Encoding") == "gzip", "it came as it is")


def redirect():
    session.put(url, data=content, timeout=30)
    answer = session.get(master + url[url.rindex("/"):], timeout=30)
    check(answer.content == content and len(answer.history) == 1, answer.history)


def conditions():
    session.put(url, data=content, timeout=30)
    first = read_back()
    again = session.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    check(again.status_code == 304, again.status_code)
    check(session.head(url, timeout=30).headers["Content-Length"] == str(len(content)), "another length")
    check(session.delete(url, timeout=30).status_code == 202, "not deleted")
    check(session.get(url, timeout=30).status_code == 404, "still there")


{f.__name__: f for f in (form, raw, generator, json, stream, gzip, redirect, conditions)}[trial]()
