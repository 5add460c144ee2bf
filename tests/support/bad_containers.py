# SPDX-License-Identifier: Apache-2.0
"""Makes containers for the tests of the verifier: a good bag, and one for each way to be bad.

    python3 bad_containers.py KIND FORMAT FILE      FORMAT: zip, tar, tar.gz, tar.zst
    python3 bad_containers.py --all FOLDER          FOLDER/KIND.FORMAT for every kind and each format it exists in

The writers are deliberately low: they write what they are told, lies included.
"""
import functools
import gzip
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import zlib

BASE = 'exam'


@functools.lru_cache(maxsize=None)
def noise(length, seed=1):
    """Bytes that do not compress, the same everywhere."""
    out = bytearray()
    while len(out) < length:
        out += hashlib.sha256(b'%d:%d' % (seed, len(out))).digest()
    return bytes(out[:length])


# ---- the bag ------------------------------------------------------------------------------------

def payload_default():
    return [
        {'name': 'data/a.txt', 'data': b'hello\n', 'modified': '2026-01-02T03:04:05Z'},
        {'name': 'data/b/\u00fc 100%.txt', 'data': 'Gr\u00fc\u00dfe\n'.encode() * 2000, 'owner': 'Muster, Mia'},
        {'name': 'data/c.bin', 'data': noise(300000)},
        {'name': 'data/empty.txt', 'data': b''},
        {'name': 'data/inner.zip', 'data': inner_zip()},
        {'name': 'data/question_.txt', 'original': 'question?.txt', 'data': b'why\n'},
        {'name': 'data/void', 'data': None},
    ]


def inner_zip():
    """A zip inside of the payload is bytes like any others, however bad it is."""
    return write_zip([Entry('../../x', b'x' * 100), Entry('../../x', b'y')])


def bag_path(path):
    return path.replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def manifest(files, algorithm):
    return ''.join('%s  %s\n' % (hashlib.new(algorithm, data).hexdigest(), bag_path(name))
                   for name, data in files).encode()


def documents(payload, fmt, algorithms=('sha256',), edit=None, edit_last=None):
    """Name and content of every document, in the order of the container."""
    files = [(p['name'], p['data']) for p in payload if p['data'] is not None]
    links = sum('target' in p for p in payload)
    lines = []
    for p in payload:
        line = {'name': p['name']}
        if 'original' in p:
            line['original'] = p['original']
        if 'target' in p:
            line['type'] = 'link'
            line['target'] = p['target']
        elif p['data'] is None:
            line['type'] = 'folder'
        else:
            line['size'] = len(p['data'])
            if 'modified' in p:
                line['modified'] = p['modified']
            if 'owner' in p:
                line['owner'] = p['owner']
            for algorithm in algorithms:
                line[algorithm] = hashlib.new(algorithm, p['data']).hexdigest()
        lines.append(json.dumps(line, separators=(',', ':'), ensure_ascii=False))
    total = sum(len(d) for _, d in files)
    job = {'format': 'archivist-job-2', 'uuid': '3f2504e0-4f89-81d3-9a0c-0305e82c3301', 'name': BASE,
           'container': fmt, 'digests': list(algorithms),
           'payload': {'entries': len(payload), 'bytes': total, **({'links': links} if links else {})}}
    docs = {
        'metadata/job.json': json.dumps(job).encode(),
        'metadata/entries.jsonl': ''.join(line + '\n' for line in lines).encode(),
        'index.html': b'<!DOCTYPE html><title>exam</title>\n',
        'bagit.txt': b'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
        'bag-info.txt': b'Bag-Software-Agent: test\nPayload-Oxum: %d.%d\n' % (total, len(files)),
    }
    for algorithm in algorithms:
        docs['manifest-%s.txt' % algorithm] = manifest(files, algorithm)
    if edit:
        edit(docs)
    for algorithm in algorithms:
        docs['tagmanifest-%s.txt' % algorithm] = manifest(
            [(n, d) for n, d in docs.items() if not n.startswith('tagmanifest')], algorithm)
    if edit_last:
        edit_last(docs)
    return docs


# ---- zip ----------------------------------------------------------------------------------------

class Entry:
    """One entry of a container; `tar` and `zip` hold what is to be written instead of the truth."""

    def __init__(self, name, data, folder=False, **lies):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.data = data or b''
        self.folder = folder
        self.lies = lies

    def lie(self, key, truth):
        return self.lies.get(key, truth)


def deflate(data):
    c = zlib.compressobj(6, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def write_zip(entries, order=None, **lies):
    out = bytearray(lies.get('prefix', b''))
    records = []
    for e in entries:
        name = e.name + (b'/' if e.folder else b'')
        out += e.lie('gap', b'')
        packed = e.lie('packed', None)
        method = e.lie('method', 8 if len(e.data) > 100 and not e.lie('store', False) else 0)
        if packed is None:
            packed = deflate(e.data) if method == 8 else e.data
        flags = e.lie('utf8', 0x800) | (8 if e.lie('descriptor', False) else 0) | e.lie('flags', 0)
        crc = e.lies['crc'] if 'crc' in e.lies else zlib.crc32(e.data)
        size = e.lie('size', len(e.data))
        at = e.lie('offset', len(out))
        if at == len(out):
            wide = e.lie('zip64', False)
            extra = struct.pack('<HHQQ', 1, 16, size, len(packed)) if wide else b''
            extra = e.lie('local_extra', extra)
            later = e.lie('descriptor', False)
            short = (0xffffffff, 0xffffffff) if wide else (0, 0) if later else (len(packed), size)
            local = e.lie('local_name', name)
            out += b'PK\3\4' + struct.pack(
                '<HHHHHIIIHH', e.lie('local_needed', 45), e.lie('local_flags', flags), e.lie('local_method', method), 0,
                0x21, e.lie('local_crc', 0 if later else crc), e.lie('local_packed', short[0]),
                e.lie('local_size', short[1]), len(local), len(extra)) + local + extra + packed
            if later:
                form = '<IQQ' if wide else '<III'
                out += b'PK\7\10' + struct.pack(form, e.lie('late_crc', crc), len(packed), size)
        mode = e.lie('mode', 0o40755 if e.folder else 0o100644)
        extra = e.lie('central_extra', b'')
        records.append(b'PK\1\2' + struct.pack(
            '<HHHHHHIIIHHHHHII', e.lie('made_by', 3 << 8 | 45), e.lie('needed', 45), flags, method, 0, 0x21, crc,
            e.lie('central_packed', len(packed)), e.lie('central_size', size), len(name),
            len(extra), len(e.lie('comment', b'')), 0, e.lie('internal', 0), mode << 16, at) + name + extra +
            e.lie('comment', b''))
    out += lies.get('before_directory', b'')
    directory_at = len(out)
    directory = b''.join(order(records) if order else records)
    out += directory + lies.get('behind_directory', b'')
    count = lies.get('count', len(records))
    if 'end64' in lies:
        end64_at = len(out)
        sector = lies.get('end64_sector', b'')
        out += b'PK\6\6' + struct.pack('<QHHIIQQQQ', 44 + len(sector), 45, 45, 0, 0, count, count,
                                       *lies['end64'](len(directory), directory_at)) + sector
        out += b'PK\6\7' + struct.pack('<IQI', 0, lies.get('end64_at', end64_at), 1)
    comment = lies.get('comment', b'')
    count = min(count, 0xffff)
    out += b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, count, count, len(directory),
                                   lies.get('directory_at', directory_at), len(comment)) + comment
    return bytes(out)


# ---- tar ----------------------------------------------------------------------------------------

def tar_header(name, size, kind, link=b'', magic=b'ustar\x0000', at=0, put=b''):
    head = bytearray(512)
    head[0:len(name)] = name
    head[100:108] = b'0000755\0' if kind == b'5' else b'0000644\0'
    head[108:116] = head[116:124] = b'0000000\0'
    head[124:136] = b'%011o\0' % size
    head[136:148] = b'02263037400\0'
    head[156:157] = kind
    head[157:157 + len(link)] = link
    head[257:265] = magic
    head[at:at + len(put)] = put
    head[148:156] = b'        '
    head[148:156] = b'%06o\0 ' % sum(head)
    return bytes(head)


def tar_pad(data, fill=b'\0'):
    return data + fill * (-len(data) % 512)


def pax(name, value):
    body = b' %s=%s\n' % (name, value)
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return b'%d' % length + body


def write_tar(entries, **lies):
    out = bytearray()
    for e in entries:
        name = e.name + (b'/' if e.folder else b'')
        kind = e.lie('type', b'5' if e.folder else b'0')
        for before, record in e.lie('extended', ()):
            out += tar_header(b'PaxHeaders/x', len(record), before) + tar_pad(record, e.lie('behind_record', b'\0'))
        if len(name) > 100 or any(c > 126 for c in name):
            record = pax(b'path', name)
            out += tar_header(b'PaxHeaders/x', len(record), b'x') + tar_pad(record)
            name = b'x'
        out += tar_header(name, e.lie('tar_size', len(e.data)), kind, e.lie('link', b''), e.lie('magic', b'ustar\x0000'),
                          *e.lie('put', ()))
        out += tar_pad(e.data, e.lie('padding', b'\0'))
    out += lies.get('end', b'\0' * 1024)
    return bytes(out)


def pack(entries, fmt, **lies):
    if fmt == 'zip':
        return write_zip(entries, **lies)
    tar = write_tar(entries, **{k: v for k, v in lies.items() if k == 'end'})
    if fmt == 'tar':
        return tar
    half = len(tar) // 2
    member = gzip_member if fmt == 'tar.gz' else zstd_frame
    if fmt == 'tar.gz' and 'between' not in lies:
        half = len(tar)
    return member(tar[:half], lies.get('gzip_flags', 0), lies.get('gzip_fields', b'')) + lies.get('between', b'') + \
        (member(tar[half:]) if half < len(tar) else b'') + lies.get('behind', b'')


def gzip_member(data, flags=0, fields=b'', time=0):
    return struct.pack('<BBBBIBB', 0x1f, 0x8b, 8, flags, time, 0, 255) + fields + deflate(data) + \
        struct.pack('<II', zlib.crc32(data), len(data) & 0xffffffff)


def zstd_frame(data, *_):
    return subprocess.run(['zstd', '-q', '-c', '-3', '--check'], input=data, check=True, stdout=subprocess.PIPE).stdout


# ---- kinds --------------------------------------------------------------------------------------

KINDS = {}


def kind(function):
    KINDS[function.__name__] = function
    return function


def entries_of(fmt, payload=None, base=BASE, **options):
    payload = payload or payload_default()
    out = [Entry('%s/%s' % (base, p['name']), p['data'], folder=p['data'] is None) for p in payload
           if 'target' not in p]
    docs = documents(payload, fmt, **options)
    return out + [Entry('%s/%s' % (base, n), d) for n, d in docs.items()]


def find(entries, end):
    return next(e for e in entries if e.name.endswith(end.encode()))


def changed(name, **lies):
    """A kind that lies about one entry."""
    def make(fmt):
        entries = entries_of(fmt)
        find(entries, name).lies.update(lies)
        return pack(entries, fmt)
    return make


def edited(edit=None, edit_last=None, payload=None, **options):
    return lambda fmt: pack(entries_of(fmt, payload=payload() if payload else None, edit=edit,
                                       edit_last=edit_last, **options), fmt)


def replaced(document, old, new, last=False, **options):
    def edit(docs):
        assert old in docs[document], docs[document]
        docs[document] = docs[document].replace(old, new)
    return edited(edit_last=edit, **options) if last else edited(edit=edit, **options)


@kind
def good(fmt):
    return pack(entries_of(fmt), fmt)


def payload_links():
    return sorted(payload_default() + [{'name': 'data/b-link', 'data': None, 'target': '../out of "it"'},
                                       {'name': 'data/zz', 'data': None, 'target': '/etc/passwd'}],
                  key=lambda p: p['name'])


@kind
def good_links(fmt):
    return pack(entries_of(fmt, payload=payload_links()), fmt)


@kind
def good_only_links(fmt):
    links = [p for p in payload_links() if 'target' in p]
    return pack([Entry(BASE + '/data', None, folder=True)] + entries_of(fmt, payload=links), fmt)


@kind
def link_is_there(fmt):
    """The container has a file where the list tells of a link."""
    entries = entries_of(fmt, payload=payload_links())
    return pack(entries[:2] + [Entry(BASE + '/data/b-link', b'x')] + entries[2:], fmt)


@kind
def good_sha512(fmt):
    return pack(entries_of(fmt, algorithms=('sha256', 'sha512')), fmt)


@kind
def bad_sha512(fmt):
    def edit(docs):
        text = docs['manifest-sha512.txt']
        docs['manifest-sha512.txt'] = (b'0' if text[:1] != b'0' else b'1') + text[1:]
    return pack(entries_of(fmt, algorithms=('sha256', 'sha512'), edit=edit), fmt)


@kind
def good_signed(fmt):
    """A zip with what proves it beside the bag, and a proof behind the tag manifest."""
    first = [Entry('mimetype', b'application/vnd.etsi.asic-e+zip')]
    last = [Entry(BASE + '/proof.tst', b'token'), Entry('META-INF/ASiCManifest.xml', b'<x/>')]
    return pack(first + entries_of(fmt) + last, fmt)


@kind
def good_descriptors(fmt):
    entries = entries_of(fmt)
    for i, e in enumerate(entries):
        e.lies.update(descriptor=True, zip64=i % 2 == 0)
    return pack(entries, fmt)


@kind
def good_foreign_order(fmt):
    """Directory in reverse: no lie, only another order; the list of entries still tells the file's."""
    return pack(entries_of(fmt), fmt, order=lambda records: records[::-1])


@kind
def good_without_list(fmt):
    def edit(docs):
        del docs['metadata/job.json'], docs['metadata/entries.jsonl']
    return pack(entries_of(fmt, edit=edit), fmt)


def payload_many(count):
    return [{'name': 'data/%06d.txt' % i, 'data': b'%d\n' % i * 50} for i in range(count)]


@kind
def good_many(fmt):
    return pack(entries_of(fmt, payload=payload_many(3000)), fmt)


@kind
def good_hostile_names(fmt):
    originals = ['../up.txt', '/etc/absolute.txt', 'a//b.txt', 'x' * 300, '.', 'plain.txt',
                 'taken.txt', 'folder/file.txt', 'new\nline.txt', '.archivist-0123456789abcdef.partial']
    payload = [{'name': 'data/%02d_.txt' % i, 'original': o, 'data': b'%d\n' % i}
               for i, o in enumerate(originals)]
    payload.append({'name': 'data/taken.txt', 'original': 'taken.txt', 'data': b'second\n'})
    payload.append({'name': 'data/zz.txt', 'original': 'folder', 'data': b'file in place of a folder\n'})
    return pack(entries_of(fmt, payload=payload), fmt)


@kind
def good_zip64(fmt):
    return pack(entries_of(fmt), fmt, end64=lambda length, at: (length, at))


# structure of a zip
@kind
def zip64_lie(fmt):
    return pack(entries_of(fmt), fmt, end64=lambda length, at: (length, at - 1))


@kind
def zip64_astray(fmt):
    return pack(entries_of(fmt), fmt, end64=lambda length, at: (length, at), end64_at=77)


@kind
def prefix(fmt):
    return pack(entries_of(fmt), fmt, prefix=b'#!/bin/sh\nexit\n')


@kind
def gap_before_directory(fmt):
    return pack(entries_of(fmt), fmt, before_directory=b'hidden')


@kind
def gap_behind_directory(fmt):
    return pack(entries_of(fmt), fmt, behind_directory=b'hidden')


@kind
def comment(fmt):
    return pack(entries_of(fmt), fmt, comment=b'PK\5\6 is not the end')


@kind
def count_lie(fmt):
    return pack(entries_of(fmt), fmt, count=5)


@kind
def directory_astray(fmt):
    return pack(entries_of(fmt), fmt, directory_at=11)


@kind
def overlap(fmt):
    """An entry that quotes the one before it."""
    entries = entries_of(fmt)
    a = find(entries, '/a.txt')
    entries.insert(1, Entry(BASE + '/data/again.txt', a.data, offset=0))
    return pack(entries, fmt)


@kind
def quoted_bomb(fmt):
    """Thousands of names for one compressed block, each claiming it as its own."""
    block = b'\0' * 10000000
    entries = entries_of(fmt)
    big = Entry(BASE + '/data/big', block)
    packed = deflate(block)
    out = [big] + [Entry(BASE + '/data/big%d' % i, block, offset=0) for i in range(2000)]
    crc = zlib.crc32(block)
    for e in out:
        e.lies.update(packed=packed, crc=crc, method=8)
    return write_zip(out + entries)


@kind
def ratio_bomb(fmt):
    """A deflate stream that unpacks to more than its entry says, and to very much."""
    entries = entries_of(fmt)
    packed = deflate(b'\0' * 50000000)
    entries.append(Entry(BASE + '/data/bomb', b'', packed=packed, method=8, size=50000000, crc=0))
    return pack(entries, fmt)


@kind
def size_lie(fmt):
    entries = entries_of(fmt)
    e = find(entries, 'ü 100%.txt')
    e.lies.update(size=len(e.data) - 1)
    return pack(entries, fmt)


KINDS['gap'] = changed('/c.bin', gap=b'hidden bytes')
KINDS['local_name'] = changed('/a.txt', local_name=b'exam/data/z.txt')
KINDS['local_size'] = changed('/a.txt', local_size=5)
KINDS['local_crc'] = changed('/a.txt', local_crc=5)
KINDS['local_method'] = changed('/a.txt', local_method=8)
KINDS['local_flags'] = changed('/a.txt', local_flags=0)
KINDS['local_zip64'] = changed('/a.txt', zip64=True, local_extra=struct.pack('<HHQQ', 1, 16, 7, 6))
KINDS['central_zip64'] = changed('/a.txt', central_size=0xffffffff)
KINDS['descriptor_lie'] = changed('/a.txt', descriptor=True, late_crc=5)
KINDS['crc_lie'] = changed('/a.txt', crc=5)
KINDS['encrypted'] = changed('/a.txt', flags=1)
KINDS['method_bzip2'] = changed('/a.txt', method=12)


def unicode_path(name):
    return struct.pack('<HHBI', 0x7075, 5 + len(name), 1, 0) + name


KINDS['two_names'] = changed('/a.txt', central_extra=struct.pack('<HHBI', 0x7075, 6, 1, 0) + b'b')
KINDS['second_name_repeated'] = changed(
    '/a.txt', central_extra=unicode_path(b'exam/data/a.txt') + unicode_path(b'exam/data/b.sh'))
KINDS['second_name_in_header'] = changed('/a.txt', local_extra=unicode_path(b'exam/data/b.sh'))
KINDS['global_name'] = changed('/a.txt', extended=[(b'g', pax(b'path', b'exam/data/b.sh'))])
KINDS['global_comment'] = changed('/a.txt', extended=[(b'g', pax(b'comment', b'made by git'))])
KINDS['sparse'] = changed('/a.txt', extended=[
    (b'x', pax(b'GNU.sparse.name', b'exam/data/a.txt') + pax(b'path', b'exam/data/b.sh'))])
KINDS['name_with_nul'] = changed('/a.txt', extended=[(b'x', pax(b'path', b'exam/data/a.txt\0b'))])
KINDS['name_given_twice'] = changed('/a.txt', extended=[
    (b'x', pax(b'path', b'exam/data/b.sh') + pax(b'path', b'exam/data/a.txt'))])
KINDS['contiguous'] = changed('/a.txt', type=b'7')
KINDS['symlink'] = changed('/empty.txt', mode=0o120777, type=b'2', link=b'/etc/passwd')
KINDS['hardlink'] = changed('/empty.txt', type=b'1', link=b'exam/data/a.txt')
KINDS['device'] = changed('/empty.txt', mode=0o020600, type=b'3')
KINDS['fifo'] = changed('/empty.txt', mode=0o010600, type=b'6')
KINDS['padding'] = changed('/a.txt', padding=b'h')


# what no manifest covers
EXTRA = struct.pack('<HH4s', 0x5455, 4, b'time')
KINDS['foreign_comment'] = changed('/a.txt', comment=b'hidden')
KINDS['foreign_extra'] = changed('/a.txt', central_extra=EXTRA)
KINDS['foreign_local_extra'] = changed('/a.txt', local_extra=EXTRA)
KINDS['foreign_zip64'] = changed('/a.txt', central_extra=struct.pack('<HH8s', 1, 8, b'hiddenxx'))
KINDS['foreign_zip64_twice'] = changed('/a.txt', central_extra=struct.pack('<HHHH8s', 1, 0, 1, 8, b'hiddenxx'))
KINDS['foreign_local_zip64'] = changed('/a.txt', local_extra=struct.pack('<HH16s', 1, 16, b'hidden hidden xx'))
KINDS['foreign_program'] = changed('/a.txt', made_by=77 << 8 | 45)
KINDS['foreign_needed'] = changed('/a.txt', needed=99)
KINDS['foreign_local_needed'] = changed('/a.txt', local_needed=99)
KINDS['foreign_flags'] = changed('/a.txt', flags=1 << 9)
KINDS['foreign_attributes'] = changed('/a.txt', internal=0x1234)
KINDS['foreign_end64'] = lambda fmt: pack(entries_of(fmt), fmt, end64=lambda length, at: (length, at), end64_sector=b'hidden')
KINDS['foreign_record'] = changed('/a.txt', extended=[(b'x', pax(b'SCHILY.xattr.user.note', b'hidden'))])
KINDS['foreign_behind_record'] = changed('/a.txt', extended=[(b'x', pax(b'path', b'exam/data/a.txt'))], behind_record=b'h')
KINDS['foreign_long_name'] = changed('/a.txt', extended=[(b'L', b'exam/data/a.txt\0')])
KINDS['foreign_magic'] = changed('/a.txt', magic=b'ustar  \0')
KINDS['foreign_owner'] = changed('/a.txt', put=(265, b'mia'))
KINDS['foreign_owner_number'] = changed('/a.txt', put=(108, b'0001750\0'))
KINDS['foreign_link'] = changed('/a.txt', link=b'hidden')
KINDS['foreign_blank_name'] = changed('/a.txt', extended=[(b'x', pax(b'path', b'exam/data/a.txt'))], type=b'\0',
                                      put=(0, bytes(100)), link=b'hidden')
KINDS['binary_mode'] = changed('/a.txt', put=(100, b'\x80\0\0\0\0\0\x09\xed'))
KINDS['binary_owner'] = changed('/a.txt', put=(116, b'\x80' + b'0' * 7))
KINDS['odd_device'] = changed('/c.bin', put=(329, b'0000 000'))
KINDS['binary_numbers'] = changed('/a.txt', put=(108, b''.join(
    b'\x80' + n.to_bytes(length - 1, 'big') for n, length in ((5000000, 8), (5000000, 8), (6, 12), (1 << 33, 12)))))
KINDS['foreign_header_end'] = changed('/a.txt', put=(500, b'hidden'))
KINDS['foreign_name_end'] = changed('/a.txt', put=(90, b'hidden'))


def squeezed(**lies):
    return lambda fmt: pack(entries_of(fmt), fmt, **lies)


KINDS['two_members'] = squeezed(between=b'')
KINDS['foreign_gzip_name'] = squeezed(gzip_flags=8, gzip_fields=b'exam.tar\0')
KINDS['foreign_gzip_comment'] = squeezed(gzip_flags=16, gzip_fields=b'hidden\0')
KINDS['foreign_gzip_extra'] = squeezed(gzip_flags=4, gzip_fields=b'\6\0hidden')
KINDS['foreign_gzip_time'] = squeezed(between=gzip_member(b'', time=12345))
KINDS['foreign_empty_between'] = lambda fmt: pack(entries_of(fmt), fmt, between=empty_member(fmt))
KINDS['foreign_empty_behind'] = lambda fmt: pack(entries_of(fmt), fmt, behind=empty_member(fmt))
KINDS['foreign_skippable'] = squeezed(between=struct.pack('<II', 0x184d2a53, 6) + b'hidden')


def empty_member(fmt):
    return gzip_member(b'') if fmt == 'tar.gz' else zstd_frame(b'')


@kind
def spoiled_data(fmt):
    """One bit of an entry's bytes, everything else untouched."""
    whole = bytearray(good(fmt))
    at = bytes(whole).index(noise(300000)[1000:1100])
    whole[at] ^= 1
    return bytes(whole)


@kind
def spoiled_deflate(fmt):
    entries = entries_of(fmt)
    e = find(entries, 'ü 100%.txt')
    packed = bytearray(deflate(e.data))
    packed[len(packed) // 2] ^= 0x55
    e.lies.update(packed=bytes(packed), method=8)
    return pack(entries, fmt)


@kind
def spoiled_checksum(fmt):
    """The last byte of the last gzip member's or zstd frame's checksum."""
    whole = bytearray(good(fmt))
    whole[-5 if fmt == 'tar.gz' else -1] ^= 1
    return bytes(whole)


# ends
@kind
def trailing(fmt):
    return good(fmt) + b'more'


@kind
def trailing_member(fmt):
    extra = b'secret' * 200
    if fmt == 'tar.gz':
        return good(fmt) + gzip.compress(extra, mtime=0)
    if fmt == 'tar.zst':
        return good(fmt) + subprocess.run(['zstd', '-q', '-c'], input=extra, check=True,
                                          stdout=subprocess.PIPE).stdout
    return good(fmt) + tar_pad(extra)


@kind
def zeros_behind(fmt):
    """Behind the end mark 8 MiB of zeros; who unpacks them all meets a wrong checksum."""
    whole = bytearray(pack(entries_of(fmt), fmt, end=b'\0' * (8 << 20)))
    if fmt != 'tar':
        whole[-5 if fmt == 'tar.gz' else -1] ^= 1
    return bytes(whole)


@kind
def no_end_mark(fmt):
    return pack(entries_of(fmt), fmt, end=b'')


# names
def extra_entry(name, data=b'x', **lies):
    def make(fmt):
        entries = entries_of(fmt)
        entries.insert(3, Entry(name, data, **lies))
        return pack(entries, fmt)
    return make


KINDS['name_up'] = extra_entry('exam/data/../../up.txt')
KINDS['name_absolute'] = extra_entry('/etc/passwd')
KINDS['name_backslash'] = extra_entry('exam/data\\x.txt')
KINDS['name_drive'] = extra_entry('C:/x.txt')
KINDS['name_control'] = extra_entry('exam/data/\x1b[2Jx.txt')
KINDS['name_invalid'] = extra_entry(b'exam/data/\xff.txt')
KINDS['name_empty_component'] = extra_entry('exam/data//x.txt')
KINDS['name_dot'] = extra_entry('exam/data/a.')
KINDS['name_dot_folder'] = extra_entry('exam/data/a./x')
KINDS['name_blank'] = extra_entry('exam/data/x ')
KINDS['name_device'] = extra_entry('exam/data/CON.txt')
KINDS['name_stream'] = extra_entry('exam/data/a.txt:x')
KINDS['name_version'] = extra_entry('exam/data/a.txt;1')
KINDS['name_not_marked'] = extra_entry('exam/data/\u00e4.txt', utf8=0)
KINDS['name_file_and_folder'] = extra_entry('exam/data/A.TXT/x')
KINDS['name_folds_long'] = extra_entry('exam/data/' + '\ufdfa' * 10000)
KINDS['name_deep'] = extra_entry('exam/data' + '/d' * 600)
KINDS['duplicate'] = extra_entry('exam/data/a.txt')
KINDS['extra'] = extra_entry('exam/data/extra.txt')
KINDS['extra_tag'] = extra_entry('exam/readme.txt')
KINDS['outside'] = extra_entry('other/x.txt')
KINDS['outside_root'] = extra_entry('x.txt')


@kind
def names_empty(fmt):
    """Two entries without a name before all others."""
    return pack([Entry('', b'x'), Entry('', b'y')] + entries_of(fmt), fmt)


@kind
def name_absolute_first(fmt):
    """An absolute name where the archive's folder is not known yet."""
    return pack([Entry('/data/x.txt', b'x')] + entries_of(fmt), fmt)


# the bag
@kind
def missing(fmt):
    entries = [e for e in entries_of(fmt) if not e.name.endswith(b'/c.bin')]
    return pack(entries, fmt)


@kind
def missing_tag(fmt):
    entries = [e for e in entries_of(fmt) if not e.name.endswith(b'/index.html')]
    return pack(entries, fmt)


@kind
def other_content(fmt):
    """The container is sound, its content is not what the manifests promise."""
    entries = entries_of(fmt)
    find(entries, '/a.txt').data = b'jello\n'
    return pack(entries, fmt)


@kind
def no_bag(fmt):
    return pack([Entry('folder/a.txt', b'a'), Entry('folder/b.txt', b'b')], fmt)


@kind
def no_manifest(fmt):
    def edit(docs):
        del docs['manifest-sha256.txt']
    return pack(entries_of(fmt, edit=edit), fmt)


@kind
def swapped_lines(fmt):
    def edit(docs):
        lines = docs['metadata/entries.jsonl'].splitlines(True)
        lines[0], lines[1] = lines[1], lines[0]
        docs['metadata/entries.jsonl'] = b''.join(lines)
    return pack(entries_of(fmt, edit=edit), fmt)


@kind
def missing_line(fmt):
    def edit(docs):
        lines = docs['metadata/entries.jsonl'].splitlines(True)
        docs['metadata/entries.jsonl'] = b''.join(lines[:-1])
    return pack(entries_of(fmt, edit=edit), fmt)


@kind
def large_document(fmt):
    def edit(docs):
        docs['bag-info.txt'] += b'Note: ' + b'x' * (2 << 20) + b'\n'
    return pack(entries_of(fmt, edit=edit), fmt)


@kind
def manifest_line(fmt):
    def edit(docs):
        docs['manifest-sha256.txt'] += b'no digest at all\n'
    return pack(entries_of(fmt, edit=edit), fmt)


@kind
def manifest_outside(fmt):
    def edit(docs):
        docs['manifest-sha256.txt'] += b'0' * 64 + b'  ../../etc/passwd\n'
    return pack(entries_of(fmt, edit=edit), fmt)


KINDS['oxum_bytes'] = replaced('bag-info.txt', b'Oxum: ', b'Oxum: 1')
KINDS['oxum_malformed'] = replaced('bag-info.txt', b'Oxum: ', b'Oxum: x')
KINDS['bagit_version'] = replaced('bagit.txt', b'1.0', b'7.3')
KINDS['bagit_encoding'] = replaced('bagit.txt', b'UTF-8', b'ISO-8859-1')
KINDS['job_count'] = replaced('metadata/job.json', b'"entries": 7', b'"entries": 8')


def partial(told, lines=2):
    """What job.json tells of missing entries, and how many metadata/failures.jsonl names."""
    def edit(docs):
        docs['metadata/job.json'] = docs['metadata/job.json'].replace(b'"payload"', b'"partial": %s, "payload"' % told)
        docs['metadata/failures.jsonl'] = b'{"name":"x","error":"IO","code":-1,"message":"It is gone."}\n' * lines
    return edited(edit=edit)


KINDS['good_partial'] = partial(b'{"expected": 9, "archived": 7, "failed": 2}')
KINDS['partial_sum'] = partial(b'{"expected": 9, "archived": 7, "failed": 1}', 1)
KINDS['partial_archived'] = partial(b'{"expected": 9, "archived": 6, "failed": 3}', 3)
KINDS['partial_none'] = partial(b'{"expected": 7, "archived": 7, "failed": 0}', 0)
KINDS['partial_text'] = partial(b'"yes"')
KINDS['partial_lines'] = partial(b'{"expected": 9, "archived": 7, "failed": 2}', 1)
KINDS['job_broken'] = replaced('metadata/job.json', b'{', b'[')
KINDS['job_container'] = lambda fmt: pack(entries_of('tar' if fmt == 'zip' else 'zip'), fmt)
KINDS['list_size'] = replaced('metadata/entries.jsonl', b'"size":6,', b'"size":7,')
KINDS['list_broken'] = replaced('metadata/entries.jsonl', b'"size":6,', b'"size":six,')
KINDS['list_digest'] = replaced('metadata/entries.jsonl', hashlib.sha256(b'hello\n').hexdigest().encode(),
                                hashlib.sha256(b'hullo\n').hexdigest().encode())
KINDS['link_count'] = replaced('metadata/job.json', b'"links": 2', b'"links": 3', payload=payload_links)
KINDS['link_nowhere'] = replaced('metadata/entries.jsonl', b'"/etc/passwd"', b'""', payload=payload_links)
KINDS['link_long'] = replaced('metadata/entries.jsonl', b'"/etc/passwd"', b'"%s"' % (b'x' * 4097), payload=payload_links)
KINDS['link_content'] = replaced('metadata/entries.jsonl', b'"/etc/passwd"', b'"/etc/passwd","size":0', payload=payload_links)
KINDS['link_of_a_file'] = replaced('metadata/entries.jsonl', b'"size":6,', b'"target":"x","size":6,')
KINDS['tag_digest'] = replaced('index.html', b'exam', b'EXAM', last=True)


def write_all(folder):
    """A kind of damage that does not exist in a format, such as a zip's directory in a tar, fails to be made there."""
    for name, make in KINDS.items():
        made = 0
        for fmt in ('zip', 'tar', 'tar.gz', 'tar.zst'):
            try:
                data = make(fmt)
            except Exception:
                continue
            with open(os.path.join(folder, f'{name}.{fmt}'), 'wb') as file:
                file.write(data)
            made += 1
        if not made:
            sys.exit(f'{name} could be made in no format')


def main():
    if sys.argv[1] == '--all':
        write_all(sys.argv[2])
        return
    name, fmt, path = sys.argv[1:]
    with open(path, 'wb') as file:
        file.write(KINDS[name](fmt))


main()
