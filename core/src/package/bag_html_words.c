/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_html_words.h"

#include <stddef.h>
#include <string.h>

static const arv__page_words words[] = {
    {
        .language = "en",
        .pages = "Pages",
        .first = "First",
        .previous = "Previous",
        .next = "Next",
        .last = "Last",
        .page_of = "Page %u of %u",
        .identifier = "Identifier",
        .requested = "Requested",
        .collected = "Collected",
        .by = "By",
        .content = "Content",
        .more = "More",
        .file = "file",
        .files = "files",
        .byte_unit = "bytes",
        .entry_lists = "For programs:",
        .missing = "Missing",
        .owner = "Owner",
        .why = "Why",
        .one_missing = "Incomplete: %llu of %llu entries is missing",
        .some_missing = "Incomplete: %llu of %llu entries are missing",
        .first_page = "The first page",
        .tells_which = "tells which.",
        .not_read = "They could not be read when this archive was made.",
        .not_all = "The first %d stand here, all of them in",
        .all = "The same list for programs:",
        .index = "Index",
        .nobody = "Nobody's",
        .continued = "continued",
        .name = "File",
        .persons = "Person",
        .size = "Bytes",
        .modified = "Modified (UTC)",
        .folders = "A name that ends with / is an empty folder.",
        .links = "A name with → is a symbolic link: behind the arrow stands where it led; no file of it "
                 "is in the archive.",
        .check = "How to check",
        .check_unpack = "Unpack the whole archive and open a terminal in the folder of this page. "
                        "The first file covers the files, the second one what describes them.",
        .check_linux = "Linux",
        .check_mac = "macOS",
        .check_windows = "Windows, in PowerShell; it prints each file that is not as archived, and "
                         "nothing else",
        .check_one = "Windows, one file; compare with its SHA-256 below",
        .wrong = "WRONG",
    },
    {
        .language = "de",
        .pages = "Seiten",
        .first = "Erste",
        .previous = "Vorige",
        .next = "Nächste",
        .last = "Letzte",
        .page_of = "Seite %u von %u",
        .identifier = "Kennung",
        .requested = "Beauftragt",
        .collected = "Gesammelt",
        .by = "Von",
        .content = "Inhalt",
        .more = "Weiteres",
        .file = "Datei",
        .files = "Dateien",
        .byte_unit = "Byte",
        .entry_lists = "Für Programme:",
        .missing = "Es fehlt",
        .owner = "Gehört zu",
        .why = "Grund",
        .one_missing = "Unvollständig: %llu von %llu Einträgen fehlt",
        .some_missing = "Unvollständig: %llu von %llu Einträgen fehlen",
        .first_page = "Die erste Seite",
        .tells_which = "sagt, welche.",
        .not_read = "Sie waren nicht lesbar, als dieses Archiv entstand.",
        .not_all = "Die ersten %d stehen hier, alle in",
        .all = "Dieselbe Liste für Programme:",
        .index = "Verzeichnis",
        .nobody = "Ohne Zuordnung",
        .continued = "Fortsetzung",
        .name = "Datei",
        .persons = "Person",
        .size = "Byte",
        .modified = "Geändert (UTC)",
        .folders = "Ein Name mit / am Ende ist ein leerer Ordner.",
        .links = "Ein Name mit → ist ein symbolischer Link: hinter dem Pfeil steht, wohin er führte; eine "
                 "Datei davon ist nicht im Archiv.",
        .check = "So prüfen Sie",
        .check_unpack = "Entpacken Sie das ganze Archiv und öffnen Sie ein Terminal im Ordner dieser "
                        "Seite. Die erste Liste deckt die Dateien ab, die zweite ihre Beschreibung.",
        .check_linux = "Linux",
        .check_mac = "macOS",
        .check_windows = "Windows, in der PowerShell; gemeldet wird jede Datei, die nicht so ist, wie "
                         "sie archiviert wurde, und sonst nichts",
        .check_one = "Windows, eine einzelne Datei; vergleichen Sie mit ihrem SHA-256 unten",
        .wrong = "FALSCH",
    },
};

const arv__page_words *arv__page_words_of(const char *language)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!language || strcmp(words[i].language, language) == 0)
            return &words[i];
    return NULL;
}
