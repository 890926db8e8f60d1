#!/usr/bin/env python3
"""Print a build log from its folder, hot or sealed: read_log.py FOLDER. Checks every CRC and the seal.
Written from docs/log-format.md alone. Each line: number, time (ms), stage, step, attempt, "+" if continued, message."""
import gzip, hashlib, json, os, struct, sys, zlib

def records(data, magic):
    assert data[:8] == magic and zlib.crc32(data[:28]) == int.from_bytes(data[28:32], "little"), "header"
    assert int.from_bytes(data[8:10], "little") == 1, "a later version"
    at = int.from_bytes(data[12:16], "little")
    while at < len(data):
        length, kind, flags = struct.unpack_from("<IHH", data, at)
        body = data[at : at + length - 4]
        assert zlib.crc32(body) == int.from_bytes(data[at + length - 4 : at + length], "little"), f"record at {at}"
        assert kind in (1, 2, 16, 17, 18) or not flags & 1, f"record type {kind}"
        yield kind, body[8:]
        at += length

def hot(text, index):
    for kind, body in records(index, b"SWHOTIDX"):
        if kind != 1:
            continue
        first, at, size, lines, time, crc, step, attempt, flags, name = struct.unpack_from("<QQIIQIIHHH", body)
        assert zlib.crc32(text[at : at + size]) == crc, f"line {first}"
        yield lines, time, step, attempt, flags

def sealed(text, archive, index):
    *others, (kind, last) = records(index, b"SWLOGIDX")
    seal = json.loads(last.rstrip(b"\0"))
    facts = seal["lineCount"], seal["sizeBytes"], seal["sha256"], seal["archiveBytes"]
    assert kind == 18 and facts == (text.count(b"\n"), len(text), hashlib.sha256(text).hexdigest(), len(archive)), "seal"
    for kind, body in others:
        if kind == 16:
            for row in range(struct.unpack_from("<I", body)[0]):
                step = struct.unpack_from("<I", body, 4)[0]
                _, at, gz, _, size, stored, crc = struct.unpack_from("<QQQIIII", body, 8 + row * step)
                block = zlib.decompressobj(-15).decompress(archive[gz : gz + stored])
                assert block == text[at : at + size] and zlib.crc32(block) == crc, f"block at {gz}"
        if kind == 17:
            n, size = struct.unpack_from("<II", body, 8)
            c = zlib.decompressobj(-15).decompress(body[16:])
            assert len(c) == size, "runs"
            yield from zip(*(struct.unpack_from(f"<{n}{f}", c, n * o) for f, o in (("I", 0), ("Q", 4), ("I", 12), ("H", 16), ("H", 18))))

def file(name):
    with open(os.path.join(sys.argv[1], name), "rb") as opened:
        return opened.read()

is_sealed = os.path.exists(os.path.join(sys.argv[1], "log.idx"))
text = gzip.decompress(file("log.ndjson.gz")) if is_sealed else file("hot.ndjson")
lines = enumerate(text.split(b"\n"), 1)
for count, time, step, attempt, flags in sealed(text, file("log.ndjson.gz"), file("log.idx")) if is_sealed else hot(text, file("hot.idx")):
    for left in reversed(range(count)):
        number, line = next(lines)
        line = json.loads(line)
        assert line["LineNumber"] == number, f"line {number}"
        mark = "+" if left == 0 and flags & 1 else " "
        message = json.dumps(line["Message"], ensure_ascii=False)
        print(line["LineNumber"], time, line["BuildStage"], step, attempt, mark, message)
