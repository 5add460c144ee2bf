/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag.h"

/*
 * The same bytes in every archive of this form. The first 128 of them hold no digit. A zip begins with
 * its first entry, so the place of a tar's checksum (148 bytes from the start) holds this text, or the
 * name before it (names.h). So no program can read a zip of ours as a tar.
 */
static const char readme[] =
    "README: what this folder is, how to read it, and how to check that nothing in it was\n"
    "changed. (Auf Deutsch: siehe unten.)\n"
    "\n"
    "This folder is an archive of files, such as those that an exam left behind. It needs no\n"
    "program of its own, neither to be read nor to be checked.\n"
    "\n"
    "WHAT IS WHERE\n"
    "\n"
    "  index.html                 lists all files, by owner; open it in a browser\n"
    "  data/                      the files\n"
    "  metadata/entries.jsonl     the list for programs, a line of JSON for each file: its name\n"
    "                             here, its original name, owner, size, time, SHA-256\n"
    "  metadata/job.json          the archive as a whole: identifier, dates, numbers\n"
    "  metadata/failures.jsonl    only where something is missing: what, and why\n"
    "  manifest-sha256.txt        the SHA-256 of every file below data/\n"
    "  tagmanifest-sha256.txt     the SHA-256 of everything else\n"
    "  manifest-sha512.txt, tagmanifest-sha512.txt    the same with SHA-512, if they are there\n"
    "  bagit.txt, bag-info.txt    make this folder a bag (BagIt, RFC 8493)\n"
    "\n"
    "HOW TO CHECK\n"
    "\n"
    "Unpack the whole archive, open a terminal in this folder, and type this.\n"
    "\n"
    "Linux:\n"
    "  sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt && echo intact\n"
    "macOS:\n"
    "  shasum -a 256 -c manifest-sha256.txt tagmanifest-sha256.txt\n"
    "Windows, in PowerShell; it prints each file that is not as archived, and nothing else:\n"
    "  Get-Content -Encoding UTF8 manifest-sha256.txt, tagmanifest-sha256.txt | ForEach-Object {\n"
    "    $sum, $name = $_ -split '\\s+', 2\n"
    "    if ((Get-FileHash -Algorithm SHA256 -LiteralPath $name).Hash -ne $sum) { \"WRONG $name\" } }\n"
    "\n"
    "A single file, in PowerShell: Get-FileHash -Algorithm SHA256 data\\NAME\n"
    "\n"
    "Files and lists could be changed together. Whoever noted the SHA-256 of the archive itself\n"
    "(the ZIP or TAR file) elsewhere compares that, too.\n"
    "\n"
    "DEUTSCH\n"
    "\n"
    "Dieser Ordner ist ein Archiv von Dateien, zum Beispiel denen einer Pruefung. Zum Lesen und\n"
    "zum Pruefen ist kein eigenes Programm noetig. index.html, im Browser geoeffnet, zeigt alle\n"
    "Dateien; sie selbst liegen in data/, die Angaben zu ihnen in metadata/. So pruefen Sie:\n"
    "Entpacken Sie das ganze Archiv, oeffnen Sie in diesem Ordner ein Terminal und geben Sie den\n"
    "Befehl ein, der oben fuer Linux, macOS oder Windows steht. Windows meldet mit WRONG jede\n"
    "Datei, die nicht so ist, wie sie archiviert wurde, und sonst nichts.\n";

const char *arv__bag_readme(size_t *length)
{
    *length = sizeof readme - 1;
    return readme;
}
