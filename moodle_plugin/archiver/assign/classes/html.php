<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace archiver_assign;

/**
 * Pages that are readable without Moodle.
 *
 * A text of a person stays as it is, since an archive must not alter it; a policy in the page's head keeps a browser
 * from running scripts in it and from loading anything from elsewhere.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class html {
    /** @var string What a browser may do with a page: show it, with pictures and media that lie beside it. */
    private const POLICY = "default-src 'none'; img-src 'self' file: data: blob:; media-src 'self' file: data: blob:; "
        . "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /** @var string Looks. */
    private const STYLE = 'body{font-family:sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem;'
        . 'overflow-wrap:anywhere}table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #888;padding:.3rem .6rem;'
        . 'text-align:left;vertical-align:top}img{max-width:100%;height:auto}';

    /**
     * A whole page.
     *
     * @param string $title plain text
     * @param string $body
     * @return string
     */
    public static function page(string $title, string $body): string {
        $lang = str_replace('_', '-', current_language());
        return "<!DOCTYPE html>\n<html lang=\"" . s($lang) . "\">\n<head>\n<meta charset=\"UTF-8\">\n"
            . '<meta http-equiv="Content-Security-Policy" content="' . self::POLICY . "\">\n"
            . "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            . '<title>' . s($title) . "</title>\n<style>" . self::STYLE . "</style>\n</head>\n<body>\n<h1>" . s($title)
            . "</h1>\n$body\n</body>\n</html>\n";
    }

    /**
     * A text of a person as a piece of a page.
     *
     * @param string|null $text
     * @param int|string $format FORMAT_*
     * @param string $folder where its files lie, relative to the page
     * @param array<string, string> $names names of the files in that folder by their paths in Moodle
     * @return string
     */
    public static function text(?string $text, $format, string $folder = '', array $names = []): string {
        $text = match ((int) $format) {
            (int) FORMAT_HTML => (string) $text,
            (int) FORMAT_PLAIN => '<div style="white-space:pre-wrap">' . s($text) . '</div>',
            (int) FORMAT_MARKDOWN => markdown_to_html((string) $text),
            default => text_to_html((string) $text, null, false, true),
        };
        $text = preg_replace('~<(?=/?meta\b)~i', '&lt;', $text); // One could lead the reader elsewhere.
        return $folder === '' ? $text : self::relink($text, $folder, $names);
    }

    /**
     * Makes Moodle's placeholders for files relative links.
     *
     * @param string $text
     * @param string $folder
     * @param array<string, string> $names by path in Moodle
     * @return string
     */
    private static function relink(string $text, string $folder, array $names): string {
        $pattern = '~@@PLUGINFILE@@(/[^"\'\s<>?\#)]*)(?:\?[^"\'\s<>\#)]*)?~';
        return preg_replace_callback($pattern, function (array $m) use ($folder, $names): string {
            $path = rawurldecode($m[1]);
            $name = $names[$path] ?? ltrim($path, '/');
            return implode('/', array_map('rawurlencode', explode('/', "$folder/$name")));
        }, $text);
    }

    /**
     * Facts, one in a line.
     *
     * @param array<string, string|null> $facts plain text by its name; those without a text are left out
     * @return string
     */
    public static function facts(array $facts): string {
        $lines = '';
        foreach ($facts as $name => $text) {
            if ((string) $text !== '') {
                $lines .= '<tr><th scope="row">' . s($name) . '</th><td>' . s($text) . "</td></tr>\n";
            }
        }
        return $lines === '' ? '' : "<table>\n$lines</table>\n";
    }

    /**
     * A table.
     *
     * @param string[] $header plain text
     * @param string[][] $rows HTML
     * @return string
     */
    public static function table(array $header, array $rows): string {
        $out = "<table>\n<tr>";
        foreach ($header as $cell) {
            $out .= '<th scope="col">' . s($cell) . '</th>';
        }
        $out .= "</tr>\n";
        foreach ($rows as $row) {
            $out .= '<tr><td>' . implode('</td><td>', $row) . "</td></tr>\n";
        }
        return "$out</table>\n";
    }
}
