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

use local_archivist\language;

/**
 * Pages that are readable without Moodle.
 *
 * Pages are views: what a person wrote stands unaltered in the JSON files beside them. A page must not do anything to who
 * reads it, so texts are cleaned like in Moodle, and nothing in them may be loaded but what lies beside the page: on a
 * local page, "//host/x" is a file on another computer, which the policy in the page's head cannot tell from one beside it.
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
    private const STYLE = 'body{font-family:system-ui,sans-serif;line-height:1.5;max-width:64rem;margin:1.5rem auto;'
        . 'padding:0 1rem;overflow-wrap:anywhere;color:#1a1a1a;background:#fff}h1{font-size:1.6rem;line-height:1.25}'
        . 'h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid #bbb}h3{font-size:1.05rem;margin-bottom:.3rem}'
        . 'nav{margin:1rem 0}nav a{margin-right:1rem}a{color:#0b57a4}table{border-collapse:collapse;margin:1rem 0}'
        . 'th,td{border:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top}'
        . 'th{background:#f2f2f2;overflow-wrap:normal}'
        . 'img{max-width:100%;height:auto}ul{padding-left:1.2rem}.note{border-left:.3rem solid #b45309;background:#fff7ed;'
        . 'padding:.5rem .8rem}.said{border:1px solid #bbb;padding:.1rem .8rem;margin:.5rem 0}.levels{list-style:none;padding:0;'
        . 'margin:0}.levels li{padding:.1rem .4rem}.chosen{background:#dcebd7;font-weight:bold}.small{color:#555;font-size:.9rem}'
        . '.wide{overflow-x:auto}@media(max-width:40rem){body{margin:.5rem auto}.facts,.facts tbody,.facts tr,.facts th,.facts td,'
        . '.stack,.stack tbody,.stack tr,.stack td{display:block}.facts th{border-bottom:0}.stack tr:first-child{display:none}'
        . '.stack tr{border:1px solid #999;margin:.6rem 0}.stack td{border:0}.stack td[data-label]:not(:empty)::before{'
        . 'content:attr(data-label)": ";color:#555}.stack td:empty{display:none}}@media print{nav{display:none}body{max-width:none;'
        . 'margin:0;font-size:10pt}h2,h3{break-after:avoid}tr,li{break-inside:avoid}a{color:inherit;text-decoration:none}}';

    /**
     * A whole page.
     *
     * @param string $title plain text
     * @param string $body
     * @param array<string, string> $links plain text by addresses relative to the page
     * @return string
     */
    public static function page(string $title, string $body, array $links = []): string {
        $nav = '';
        foreach ($links as $address => $text) {
            $nav .= '<a href="' . s($address) . '">' . s($text) . '</a>';
        }
        $body = ($nav === '' ? '' : "<nav>$nav</nav>\n") . $body;
        $lang = str_replace('_', '-', language::of_words('archiver_assign')); // Readers pronounce the words by it.
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
        $text = $folder === '' ? $text : self::relink($text, $folder, $names);
        return (int) $format === (int) FORMAT_PLAIN ? $text : self::harmless(clean_text($text, FORMAT_HTML));
    }

    /**
     * Takes addresses out of tags that a browser would load from elsewhere, and links to files elsewhere.
     *
     * @param string $text as HTML Purifier writes it: values of attributes stand in double quotes, < and > are escaped
     * @return string
     */
    private static function harmless(string $text): string {
        return preg_replace_callback('~<[a-z][^<>]*+>~i', fn(array $tag): string => preg_replace_callback(
            '~\s([a-z:-]+)\s*=\s*"([^"]*+)"~i',
            fn(array $m): string => self::attribute(strtolower($m[1]), html_entity_decode($m[2], ENT_QUOTES | ENT_HTML5))
                ? $m[0] : '',
            $tag[0],
        ), $text) ?? s($text);
    }

    /**
     * Whether an attribute may stay.
     *
     * @param string $name
     * @param string $value
     * @return bool
     */
    private static function attribute(string $name, string $value): bool {
        if ($name === 'style') {
            preg_match_all('~url\(\s*(["\']?)(.*?)\1\s*\)~is', $value, $urls);
            $rest = preg_replace('~url\(\s*(["\']?)(.*?)\1\s*\)~is', '', $value);
            // A backslash can hide any of these words.
            return !preg_match('~url|image|src|\\\\|@~i', $rest) && array_filter($urls[2], [self::class, 'is_beside']) === $urls[2];
        }
        if ($name === 'href') {
            return preg_match('~^(https?://|mailto:|tel:)~i', $value) || self::is_beside($value);
        }
        if ($name === 'srcset') {
            $urls = preg_split('~\s*,\s*|\s+[\d.]+[wx]\s*,?\s*~', $value, -1, PREG_SPLIT_NO_EMPTY);
            return array_filter($urls, [self::class, 'is_beside']) === $urls;
        }
        return !in_array($name, ['src', 'poster', 'background', 'data', 'xlink:href'], true) || self::is_beside($value);
    }

    /**
     * Whether an address is one of something beside the page or below.
     *
     * @param string $url
     * @return bool
     */
    private static function is_beside(string $url): bool {
        $url = preg_replace('~[\x00-\x20]+~', '', $url); // Browsers overlook them.
        $path = rawurldecode(preg_replace('~[?\#].*~s', '', $url));
        return !preg_match('~^[a-z][a-z0-9+.-]*:~i', $url) && !preg_match('~^/|//|\\\\|(^|/)\.\.(/|$)~', $path);
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
        return $lines === '' ? '' : "<table class=\"facts\">\n$lines</table>\n";
    }

    /**
     * A table.
     *
     * @param string[] $header plain text
     * @param string[][] $rows HTML
     * @return string
     */
    public static function table(array $header, array $rows): string {
        $labels = array_map(fn(string $cell): string => '<td data-label="' . s($cell) . '">', array_values($header));
        $out = "<table class=\"stack\">\n<tr>";
        foreach ($header as $cell) {
            $out .= '<th scope="col">' . s($cell) . '</th>';
        }
        $out .= "</tr>\n";
        foreach ($rows as $row) {
            $out .= '<tr>';
            foreach (array_values($row) as $i => $cell) {
                $out .= $labels[$i] . "$cell</td>";
            }
            $out .= "</tr>\n";
        }
        return "$out</table>\n";
    }

    /**
     * A link to something in the archive, or only its name where the engine gives it another one than Moodle has.
     *
     * @param string $up the way from the page to the top of the archive, such as "../../"
     * @param string $path in the archive, as it was put in
     * @param string $text plain text
     * @return string
     */
    public static function link(string $up, string $path, string $text): string {
        foreach (explode('/', rtrim($path, '/')) as $part) {
            if (!files::is_safe(strtr($part, "'&", '__'))) { // These two stay as they are.
                return '<span title="' . s($path) . '">' . s($text) . '</span>';
            }
        }
        return '<a href="' . s($up . implode('/', array_map('rawurlencode', explode('/', $path)))) . '">' . s($text) . '</a>';
    }

    /**
     * Files as a list of links.
     *
     * @param string $up
     * @param string $folder with "/" at its end
     * @param array[] $files as files::add() says
     * @return string
     */
    public static function files(string $up, string $folder, array $files): string {
        $taken = array_count_values(array_map(fn(array $file): string => \core_text::strtolower($file['path']), $files));
        $out = '';
        foreach ($files as $file) {
            $one = $taken[\core_text::strtolower($file['path'])] === 1; // Of two that differ in case one has another name.
            $link = $one ? self::link($up, $folder . $file['path'], $file['path']) : s($file['path']);
            $gone = isset($file['archived']) ? ' <strong>' . get_string('page_missing', 'archiver_assign') . '</strong>' : '';
            $out .= "<li>$link <span class=\"small\">" . s(display_size($file['size'])) . "</span>$gone</li>\n";
        }
        return $out === '' ? '' : "<ul>\n$out</ul>\n";
    }

    /**
     * A warning in a page.
     *
     * @param string $text plain text
     * @return string
     */
    public static function note(string $text): string {
        return '<p class="note">' . s($text) . "</p>\n";
    }
}
