<?php
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a sample exam below a folder: 40 students with texts, PDF, pictures and packed files, under
 * names as people give them. The same bytes on every machine.
 *
 *     php make_exam.php FOLDER [MEGABYTES-OF-THE-LARGE-FILE]
 */

// check: exam 1

declare(strict_types=1);

const FIRST = ['Mia', 'Jörg', 'Zoë', 'Ahmed', 'Łukasz', 'Nguyễn', 'Ana', 'Ólafur', 'Ivana', 'Chloé'];
const LAST = ['Muster', 'Öztürk', 'van den Berg', "O'Neill", 'Großmann', 'Šimić', 'Fernández', 'Weiß'];
const WORDS = ['student', 'answer', 'question', 'network', 'theorem', 'proof', 'because', 'therefore',
    'figure', 'system', 'memory', 'process', 'value', 'result', 'measure', 'signal', 'the', 'the', 'a',
    'of', 'and', 'is', 'in', 'to', 'that', 'it', 'for', 'with', 'on', 'are'];

if ($argc < 2) {
    fwrite(STDERR, "Usage: php make_exam.php FOLDER [MEGABYTES]\n");
    exit(2);
}
$root = rtrim($argv[1], '/');
$megabytes = (int)($argv[2] ?? 300);
if (is_dir($root) || !mkdir($root, 0700, true)) {
    fwrite(STDERR, "The folder '$root' is there already or cannot be made; name a new one.\n");
    exit(4);
}

mt_srand(20260718);

/** Bytes that do not compress, by a seeded generator. */
function noise(int $length, int $seed): string
{
    $out = '';
    for ($block = 0; strlen($out) < $length; $block++) {
        $out .= hash('sha512', "$seed:$block", true);
    }
    return substr($out, 0, $length);
}

function prose(int $length): string
{
    $out = '';
    while (strlen($out) < $length) {
        $out .= WORDS[intdiv(mt_rand(0, 899), 30)] . (mt_rand(0, 11) ? ' ' : ".\n");
    }
    return $out;
}

function pdf(string $text): string
{
    $stream = "BT /F1 12 Tf 72 720 Td (" . substr(strtr($text, ['(' => '[', ')' => ']', '\\' => '/', "\n" => ' ']), 0, 80) . ") Tj ET";
    $objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
        '<< /Length ' . strlen($stream) . " >>\nstream\n$stream\nendstream",
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
    $out = "%PDF-1.4\n";
    $offsets = [];
    foreach ($objects as $i => $object) {
        $offsets[] = strlen($out);
        $out .= ($i + 1) . " 0 obj\n$object\nendobj\n";
    }
    $at = strlen($out);
    $out .= "xref\n0 6\n0000000000 65535 f \n";
    foreach ($offsets as $offset) {
        $out .= sprintf("%010d 00000 n \n", $offset);
    }
    return $out . "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n$at\n%%EOF\n";
}

/** A true PNG of coloured noise: chunks with their checksums. */
function png(int $size, int $seed): string
{
    $chunk = fn (string $type, string $data): string =>
        pack('N', strlen($data)) . $type . $data . pack('N', crc32($type . $data));
    $rows = '';
    $pixels = noise($size * $size * 3, $seed);
    for ($y = 0; $y < $size; $y++) {
        $rows .= "\0" . substr($pixels, $y * $size * 3, $size * 3);
    }
    $stored = "\x78\x01";
    $parts = str_split($rows, 65535);
    foreach ($parts as $i => $part) {
        $n = strlen($part);
        $stored .= chr($i === count($parts) - 1 ? 1 : 0) . pack('vv', $n, $n ^ 0xffff) . $part;
    }
    $stored .= hash('adler32', $rows, true);
    return "\x89PNG\r\n\x1a\n" . $chunk('IHDR', pack('NNCCCCC', $size, $size, 8, 2, 0, 0, 0))
        . $chunk('IDAT', $stored) . $chunk('IEND', '');
}

function put(string $folder, string $name, string $data): void
{
    $path = "$folder/$name";
    if (!is_dir(dirname($path))) {
        mkdir(dirname($path), 0700, true);
    }
    if (file_put_contents($path, $data) !== strlen($data)) {
        fwrite(STDERR, "Writing '$path' failed: is the disk full?\n");
        exit(4);
    }
}

for ($i = 0; $i < 40; $i++) {
    $who = sprintf('%s, %s (s%04d)', LAST[$i % 8], FIRST[intdiv($i, 4) % 10], 100 + $i);
    $home = "$root/submissions/$who";
    put($home, 'online text.html', "<!DOCTYPE html>\n<title>Task 1</title>\n<p>" . prose(4000 + 300 * $i) . "</p>\n");
    put($home, 'essay.txt', prose(20000));
    put($home, 'solution.pdf', pdf("Solution of $who"));
    put($home, "drawing $i.png", png(64 + $i, $i));
    put($home, 'sources.tar.gz', gzencode(prose(30000), 6));
}
// Names as people and other systems give them.
$hard = "$root/submissions/" . sprintf('%s, %s (s%04d)', LAST[0], FIRST[0], 100);
put($hard, 'Essay.txt', "differs from essay.txt only in case\n");
put($hard, 'empty.txt', '');
put($hard, str_repeat('a very long name ', 11) . 'end of it.docx', prose(500)); // 200 characters
put($hard, "\u{05ea}\u{05e8}\u{05d2}\u{05d9}\u{05dc} \u{0623}\u{062c}\u{0627}\u{0628}\u{0629}.txt", "right to left\n");
put($hard, "\u{1f393}\u{1f469}\u{200d}\u{1f4bb} done \u{2705}.txt", "emoji\n");
put($hard, "cafe\u{0301}.txt", "decomposed\n");
put($hard, "caf\u{00e9}.txt", "composed\n");
put($hard, 'CON.txt', "a device name of Windows\n");
put($hard, "two\nlines; rm -rf * \$(reboot) `id` \"quoted\".txt", "hostile\n");
put($hard, 'ends with a dot.', "Windows drops the dot\n");
put($hard, '=cmd|calc.csv', "a formula for spreadsheets\n");
put($hard, '..\\..\\windows\\system32\\evil.dll', "a path of Windows\n");
mkdir("$hard/left empty", 0700);
put($root, 'task.html', "<!DOCTYPE html>\n<title>Exam</title>\n<h1>Operating systems, July 2026</h1>\n<p>" . prose(3000) . "</p>\n");
put($root, 'grades.csv', "id,grade\n" . implode('', array_map(fn ($i) => sprintf("s%04d,%.1f\n", 100 + $i, 1 + ($i % 31) / 10), range(0, 39))));

// One large recording: parts that compress and parts that do not.
$large = fopen("$root/recording of the oral exam.mp4", 'xb');
$text = prose(1 << 20);
for ($i = 0; $i < $megabytes; $i++) {
    $data = $i % 8 === 7 ? substr($text, 0, 1 << 20) : noise(1 << 16, $i);
    $data = $i % 8 === 7 ? $data : str_repeat($data, 16);
    if (fwrite($large, $data) !== 1 << 20) {
        fwrite(STDERR, "Writing the large file failed: is the disk full?\n");
        exit(4);
    }
}
fclose($large);
