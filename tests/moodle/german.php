<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * Lets a lab's Moodle speak German on the pages of Archivist, for photographs: the plugin brings its own German, and of
 * Moodle's only the words that stand beside it are given here. A language pack that is installed is left alone.
 *
 *   $LAB/bin/php german.php CODE
 */

define('CLI_SCRIPT', true);
require("$argv[1]/config.php");

const MARK = '// Archivist: words for photographs, no language pack.';

$files = [
    'langconfig' => [
        'thislanguage' => 'Deutsch', 'thislanguageint' => 'German', 'parentlanguage' => '', 'decsep' => ',', 'thousandssep' => '.',
        'strftimedatetimeshort' => '%d.%m.%Y, %H:%M', 'strftimedatetimeshortaccurate' => '%d.%m.%Y, %H:%M:%S',
        'strftimedaydatetime' => '%d.%m.%Y, %H:%M', 'strftimedatetime' => '%d.%m.%Y, %H:%M', 'labelsep' => ': ',
        'localewin' => 'German_Germany.1252', 'locale' => 'de_DE.UTF-8', 'strftimetime24' => '%H:%M',
    ],
    'moodle' => [
        'actions' => 'Aktionen', 'activities' => 'Aktivitäten', 'activity' => 'Aktivität', 'all' => 'Alle', 'cancel' => 'Abbrechen',
        'choosedots' => 'Auswählen …', 'clear' => 'Löschen', 'continue' => 'Weiter', 'course' => 'Kurs', 'delete' => 'Löschen',
        'disable' => 'Deaktivieren', 'download' => 'Herunterladen', 'edit' => 'Bearbeiten', 'enable' => 'Aktivieren',
        'filter' => 'Filtern', 'general' => 'Allgemeines', 'grades' => 'Bewertungen', 'home' => 'Startseite', 'more' => 'Mehr',
        'moremenu' => 'Mehr', 'mycourses' => 'Meine Kurse', 'myhome' => 'Dashboard', 'name' => 'Name', 'participants' => 'Personen',
        'reports' => 'Berichte', 'savechanges' => 'Änderungen speichern', 'search' => 'Suchen', 'section' => 'Abschnitt',
        'select' => 'Auswählen', 'selectall' => 'Alle auswählen', 'settings' => 'Einstellungen', 'size' => 'Größe', 'time' => 'Zeit',
        'user' => 'Person', 'users' => 'Nutzer/innen', 'courses' => 'Kurse', 'next' => 'Weiter', 'previous' => 'Zurück',
        'sitehome' => 'Startseite', 'administrationsite' => 'Website-Administration', 'sectionname' => 'Abschnitt', 'no' => 'Nein',
        'yes' => 'Ja', 'default' => 'Standard', 'help' => 'Hilfe', 'changessaved' => 'Änderungen gesichert', 'show' => 'Anzeigen',
        'localplugins' => 'Lokale Plugins', 'editmode' => 'Bearbeiten', 'sec' => 'Sekunde', 'secs' => 'Sekunden', 'min' => 'Minute',
        'mins' => 'Minuten', 'documentation' => 'Dokumentation', 'loggedinas' => 'Angemeldet als {$a}', 'logout' => 'Abmelden',
    ],
    'admin' => [
        'development' => 'Entwicklung', 'appearance' => 'Darstellung', 'server' => 'Server', 'plugins' => 'Plugins',
        'defaultsettinginfo' => 'Standard: {$a}', 'emptysettingvalue' => 'Leer', 'savechanges' => 'Änderungen speichern', 'users' => 'Nutzer/innen',
        'courses' => 'Kurse', 'checkboxno' => 'Nein', 'checkboxyes' => 'Ja',
    ],
    'assign' => ['modulename' => 'Aufgabe', 'modulenameplural' => 'Aufgaben', 'pluginadministration' => 'Aufgabe verwalten'],
    'format_topics' => ['section0name' => 'Allgemeines'],
    'forum' => ['modulename' => 'Forum'],
    'page' => ['modulename' => 'Textseite'],
];
$folder = "$CFG->langotherroot/de";
$config = "$folder/langconfig.php";
if (!is_file($config) || str_contains(file_get_contents($config), MARK)) {
    check_dir_exists($folder);
    foreach ($files as $name => $strings) {
        $text = "<?php\n" . MARK . "\n";
        foreach ($strings as $key => $value) {
            $text .= "\$string['$key'] = " . var_export($value, true) . ";\n";
        }
        file_put_contents("$folder/$name.php", $text);
    }
}
get_string_manager()->reset_caches();
purge_all_caches();
