#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must hold for the Moodle plugin without a Moodle, and a proof that each rule can fail.

    check_moodle.py [FOLDER]        the plugin, moodle_plugin/ by default

A rule is a function of a Plugin, which is a map from paths to texts; it returns faults. The last line is
"N passed, N failed, N skipped".
"""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MAIN = "local_archivist"
CODE = (".php", ".js", ".mustache")
# Strings that Moodle asks for by a name of its own making.
BY_MOODLE = re.compile(r"^(pluginname|subplugintype_\w+|messageprovider:\w+|cachedef_\w+)$")
TASK_EVENTS = ("created", "updated", "completed", "failed", "aborted")


class Plugin:
    """The plugin and its sub-plugins: texts by path."""

    def __init__(self, files):
        self.files = files
        types = json.loads(files.get("db/subplugins.json", "{}") or "{}").get("subplugintypes", {})
        self.types = types
        self.components = {"": MAIN}
        for path in files:
            for kind, folder in types.items():
                found = re.match(rf"{folder}/(\w+)/version\.php$", path)
                if found:
                    self.components[f"{folder}/{found.group(1)}/"] = f"{kind}_{found.group(1)}"

    def component_of(self, path):
        folder = max((f for f in self.components if path.startswith(f)), key=len)
        return self.components[folder]

    def of(self, *ends, lang=False):
        """path, text of files with these ends; language files only when asked for."""
        return [(p, t) for p, t in sorted(self.files.items())
                if p.endswith(ends) and ("/lang/" in f"/{p}") == lang and "/amd/build/" not in f"/{p}"]

    def folders(self):
        return sorted(self.components.items())


def strip_comments(text):
    return re.sub(r"(?m)/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.S | re.M)


# ---- rules: each takes a Plugin and returns faults -------------------------------------------------------

def database(plugin):
    """install.xml, version.php and the upgrade steps are in step."""
    faults = []
    for folder, component in plugin.folders():
        version = re.search(r"\$plugin->version\s*=\s*(\d{10});", plugin.files.get(f"{folder}version.php", ""))
        named = re.search(r"\$plugin->component\s*=\s*'(\w+)'", plugin.files.get(f"{folder}version.php", ""))
        if not version or not named or named.group(1) != component:
            faults.append(f"{folder}version.php: has no version of ten digits, or does not name {component}")
            continue
        xml = plugin.files.get(f"{folder}db/install.xml")
        if xml is not None:
            try:
                for table in ElementTree.fromstring(xml.encode()).iter("TABLE"):
                    if not table.get("NAME", "").startswith(component) or len(table.get("NAME")) > 53:
                        faults.append(f"{folder}db/install.xml: the table {table.get('NAME')} is not named after {component}")
                    faults += [f"{folder}db/install.xml: {field.get('NAME')} has '' as default, which Moodle complains of"
                               for field in table.iter("FIELD") if field.get("TYPE") == "char" and field.get("DEFAULT") == ""]
            except ElementTree.ParseError as error:
                faults.append(f"{folder}db/install.xml: {error}")
        upgrade = strip_comments(plugin.files.get(f"{folder}db/upgrade.php", ""))
        steps = re.findall(r"\$oldversion\s*<\s*(\d+)", upgrade)
        points = re.findall(r"upgrade_(?:plugin_)?savepoint\(\s*true,\s*(\d+)", upgrade)
        if steps != points or steps != sorted(set(steps)):
            faults.append(f"{folder}db/upgrade.php: steps {steps} and savepoints {points} differ or do not rise")
        if points and points[-1] > version.group(1):
            faults.append(f"{folder}version.php: is older than the savepoint {points[-1]}")
    return faults


LITERAL = r"'([^'\\]+)'"
# What names a string, with its component: calls of PHP, of JavaScript and of templates.
NAMED = [
    re.compile(rf"\b(?:get_string|lang_string|moodle_exception)\(\s*{LITERAL}\s*,\s*{LITERAL}"),
    re.compile(rf"\bgetString\(\s*{LITERAL}\s*,\s*{LITERAL}"),
    re.compile(rf"\bkey:\s*{LITERAL}\s*,\s*component:\s*{LITERAL}"),
    re.compile(r"\{\{#(?:str|cleanstr)\}\}\s*([\w:]+)\s*,\s*([\w]+)"),
]
HELP = re.compile(rf"\b(?:addHelpButton\(\s*{LITERAL}|help_icon\(|new help_icon\()\s*,?\s*{LITERAL}\s*,\s*{LITERAL}")
# The beginning of a key whose rest is known when the program runs only.
DYNAMIC = re.compile(r"'([a-z][\w:]*[_:])'\s*\.|[\"']([a-z][\w:]*[_:])\{?\$|`([a-z][\w:]*[_:])\$\{|"
                     r"\b(?:get_string|lang_string|moodle_exception)\(\s*(?:'([a-z][\w:]*)'\s*\.|\"([a-z][\w:]*)\{?\$)")


def language(plugin, folder, component, name):
    text = plugin.files.get(f"{folder}lang/{name}/{component}.php")
    if text is None:
        return None
    found = re.findall(r"^\$string\['([^']+)'\]\s*=\s*'((?:[^'\\]|\\.)*)';", text, re.M | re.S)
    return dict(found)


def strings(plugin):
    """Every string that is asked for is there in English and German; none is there for nothing."""
    faults, known = [], {}
    for folder, component in plugin.folders():
        english, german = (language(plugin, folder, component, name) for name in ("en", "de"))
        if english is None or german is None:
            faults.append(f"{folder}lang: has no {'English' if english is None else 'German'} strings")
            continue
        known[component] = english
        for key in sorted(set(english) ^ set(german)):
            faults.append(f"{folder}lang: {key} is missing in {'de' if key in english else 'en'}")
        for key in sorted(set(english) & set(german)):
            here, there = (sorted(set(re.findall(r"\{\$a(?:->\w+)?\}", s[key]))) for s in (english, german))
            if here != there:
                faults.append(f"{folder}lang: {key} has {here} in en, {there} in de")
            if not german[key].strip() or not english[key].strip():
                faults.append(f"{folder}lang: {key} is empty")
    return faults + strings_asked(plugin, known) + strings_unused(plugin, known)


def strings_asked(plugin, known):
    faults = []
    for path, text in plugin.of(*CODE):
        asked = [pair for pattern in NAMED for pair in pattern.findall(text)]
        for _, key, component in HELP.findall(text):
            asked += [(key, component), (f"{key}_help", component)]
        for key, component in asked:
            if component in known and key not in known[component]:
                faults.append(f"{path}: asks for the string {key} of {component}, which is not there")
    return faults


def strings_unused(plugin, known):
    everything = "\n".join(strip_comments(text) if path.endswith(".php") else text
                           for path, text in plugin.of(*CODE) if not path.startswith("tests/"))
    words = set(re.findall(r"[\w:]+", everything))
    prefixes = {next(filter(None, found)) for found in DYNAMIC.findall(everything)}
    faults = []
    for component, english in known.items():
        for key in english:
            base = re.sub(r"_(help|desc|plural)$", "", key)
            capability = re.match(rf"{component.split('_', 1)[1]}:(\w+)$", key)
            used = {key, base} & words or BY_MOODLE.match(key) or any(key.startswith(p) for p in prefixes) or \
                capability and f"/{key}'" in everything
            if not used:
                faults.append(f"lang of {component}: nothing uses the string {key}")
    return faults


def subplugins(plugin):
    """Both keys of subplugins.json agree, and what Moodle wants of each type is there."""
    data = json.loads(plugin.files.get("db/subplugins.json", "{}"))
    new, old = data.get("subplugintypes"), data.get("plugintypes")
    faults = []
    if not new or {k: f"local/archivist/{v}" for k, v in new.items()} != old:
        faults.append(f"db/subplugins.json: subplugintypes {new} and plugintypes {old} do not agree")
    for kind, folder in (new or {}).items():
        if not any(p.startswith(f"{folder}/") for p in plugin.files):
            faults.append(f"db/subplugins.json: there is no folder {folder}")
        if f"classes/plugininfo/{kind}.php" not in plugin.files:
            faults.append(f"classes/plugininfo/{kind}.php: is missing; Moodle asks for it on each page of plugins")
    return faults


def capabilities(plugin):
    """Every capability that is used is declared, has a name, and each declared one is used."""
    declared = set(re.findall(r"'([a-z]+/[a-z]+:\w+)'\s*=>", plugin.files.get("db/access.php", "")))
    faults, used = [], set()
    for path, text in plugin.of(".php"):
        for name in re.findall(r"['\"](local/archivist:\w+)['\"]", strip_comments(text)):
            if path != "db/access.php":
                used.add(name)
            if name not in declared:
                faults.append(f"{path}: uses the capability {name}, which db/access.php does not declare")
    for name in sorted(declared - used):
        faults.append(f"db/access.php: nothing asks for {name}")
    english = language(plugin, "", MAIN, "en") or {}
    faults += [f"db/access.php: {name} has no name" for name in sorted(declared) if name.split("/")[1] not in english]
    return faults


def once(pairs):
    """An object of JSON in which no key stands twice."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice in " + ", ".join(key for key, _ in pairs))
    return dict(pairs)


def templates(plugin):
    """Every template says its name, has an example context that parses, and says nothing twice in a row."""
    faults = []
    for path, text in plugin.of(".mustache"):
        folder, name = path.rsplit("templates/", 1)
        wanted = f"{plugin.component_of(folder)}/{name[:-len('.mustache')]}"
        if not re.search(rf"@template\s+{re.escape(wanted)}\s", text):
            faults.append(f"{path}: does not say @template {wanted}")
        example = re.search(r"Example context \(json\):(.*?)\}\}(?:\s*\{\{|\s*<|\s*$)", text, re.S)
        try:
            json.loads(example.group(1) if example else "", object_pairs_hook=once)
        except ValueError as error:
            faults.append(f"{path}: has no example context that parses: {error}")
        lines = [line.strip() for line in text.split("\n")]
        faults += [f"{path}: stands twice in a row: {line}" for line, above in zip(lines[1:], lines)
                   if line == above and "{{" in line and re.search(r">.*<", line)]
    return faults


def ways(plugin):
    """Every page has a way on: what prints a page's head prints links as well."""
    return [f"{path}: prints a page without a way back; see classes/output/ways.php"
            for path, text in plugin.of(".php") if "/" not in path
            and text.count("OUTPUT->header()") > text.count("ways::html(") + text.count("OUTPUT->confirm(")]


def scripts(plugin):
    """amd/build has one minified file and one map for each file of amd/src, and nothing else."""
    faults = []
    sources = {p[:-3].replace("amd/src/", "amd/build/", 1) for p in plugin.files if re.search(r"(^|/)amd/src/.*\.js$", p)}
    built = {p for p in plugin.files if re.search(r"(^|/)amd/build/", p)}
    wanted = {s + end for s in sources for end in (".min.js", ".min.js.map")}
    faults += [f"{p}: is missing; build it as docs/moodle-development.md says" for p in sorted(wanted - built)]
    faults += [f"{p}: has no source" for p in sorted(built - wanted)]
    return faults


def headers(plugin):
    """Every file says that it is GPL, and of which package it is."""
    faults = []
    for path, text in plugin.of(*CODE) + plugin.of(".php", lang=True):
        head = text[:3000]
        if "GNU General Public License" not in head or "This file is part of Moodle" not in head:
            faults.append(f"{path}: has no GPL header")
        if not path.endswith(".mustache"):
            component = plugin.component_of(path)
            if not re.search(rf"@package\s+{component}\s|@module\s+{component}/\w", text):
                faults.append(f"{path}: does not say @package {component}")
            if "@copyright" not in text or "@license" not in text:
                faults.append(f"{path}: has no @copyright or no @license")
        if re.search(r"\b(TODO|FIXME|XXX)\b|not (yet )?implemented", text, re.I):
            faults.append(f"{path}: something is left open")
    return faults


def privacy(plugin):
    """The privacy provider of a component names every one of its tables; one without personal data in a comment."""
    faults = []
    for folder, component in plugin.folders():
        provider = plugin.files.get(f"{folder}classes/privacy/provider.php")
        if provider is None:
            faults.append(f"{folder}classes/privacy/provider.php: is missing")
            continue
        tables = re.findall(r'<TABLE NAME="(\w+)"', plugin.files.get(f"{folder}db/install.xml", ""))
        faults += [f"{folder}classes/privacy/provider.php: does not name the table {table}" for table in tables
                   if not re.search(rf"\b{table}\b", provider)]
    return faults


def events(plugin):
    """Archiving and storage drivers have the events of their tasks."""
    faults = []
    for folder, component in plugin.folders():
        kinds = {"archiver": ["task"], "archivestore": ["read_task", "write_task"]}.get(component.split("_")[0], [])
        for name in (f"{kind}_{end}" for kind in kinds for end in TASK_EVENTS):
            if f"{folder}classes/event/{name}.php" not in plugin.files:
                faults.append(f"{folder}classes/event/{name}.php: is missing")
    return faults


# What PHP 8.2 and later understand and 8.1, the oldest that Moodle 4.5 runs on, does not. php -l sees only what the PHP
# at hand does not know.
NEWER = [
    (re.compile(r"\breadonly\s+(?:final\s+|abstract\s+)?class\b|\b(?:final|abstract)\s+readonly\s+class\b"), "readonly classes", "8.2"),
    (re.compile(r"(?:[:|?]|\b(?:private|protected|public|static|readonly)\b)\s*\(\s*\w+(?:&\w+)+\s*\)"), "types of the form (A&B)|C", "8.2"),
    (re.compile(r"\)\s*:\s*(?:null|true|false)\s*\{|\bfunction\s+\w+\([^)]*\)\s*:\s*(?:null|true|false)\s*;"), "null, true or false as the whole type", "8.2"),
    (re.compile(r"\bconst\s+(?!function\b)\??[\w\\\\|]+\s+\w+\s*="), "constants of classes with a type", "8.3"),
    (re.compile(r"\bjson_validate\(|\bmb_str_pad\(|::\{"), "json_validate(), mb_str_pad(), ::{$name}", "8.3"),
    (re.compile(r"\b(?:public|protected|private)\(set\)|\b(?:array_find|array_find_key|array_any|array_all|mb_trim)\(|"
                r"(?<!\()\bnew\s+[\w\\\\]+\([^()]*\)->|\{\s*(?:get|set)\s*(?:=>|\{)"),
     "set visibility, hooks, array_find() and its kin, new X()->y", "8.4"),
]


def newer_php(plugin):
    """Nothing that PHP 8.1 does not understand."""
    faults = []
    for path, text in plugin.of(".php"):
        code = re.sub(r"'(?:[^'\\]|\\.)*'", "''", strip_comments(text))
        faults += [f"{path}: {found.group(0).strip()}: {what} came with PHP {version}"
                   for pattern, what, version in NEWER if (found := pattern.search(code))]
    return faults


RULES = [newer_php, database, strings, subplugins, capabilities, templates, ways, scripts, headers, privacy, events]

# ---- a small plugin without a fault, and what each rule must object to -----------------------------------

HEAD = "<?php\n// This file is part of Moodle\n// GNU General Public License\n/**\n * @package    {0}\n * @copyright x\n * @license x\n */\n"


def sound_files():
    def code(component, text):
        return HEAD.format(component) + text

    lang = "$string['archivist:view'] = 'View';\n$string['gone'] = '{$a} gone';\n$string['pluginname'] = 'A';\n"
    version = "$plugin->component = '{}';\n$plugin->version   = 2026010100;\n"
    files = {
        "version.php": code(MAIN, version.format(MAIN)),
        "db/install.xml": '<XMLDB><TABLES><TABLE NAME="local_archivist_job"><FIELD NAME="a" TYPE="char"/></TABLE></TABLES></XMLDB>',
        "db/upgrade.php": code(MAIN, "if ($oldversion < 2026010100) { upgrade_plugin_savepoint(true, 2026010100, 'x', 'y'); }"),
        "db/subplugins.json": '{"subplugintypes": {"archiver": "archiver"}, "plugintypes": {"archiver": "local/archivist/archiver"}}',
        "db/access.php": code(MAIN, "['local/archivist:view' => []]"),
        "lang/en/local_archivist.php": code(MAIN, lang),
        "lang/de/local_archivist.php": code(MAIN, lang.replace("gone';", "weg';")),
        "lib.php": code(MAIN, "require_capability('local/archivist:view'); get_string('gone', 'local_archivist');"),
        "templates/a.mustache": "{{! This file is part of Moodle GNU General Public License\n@template local_archivist/a\n"
                                "Example context (json): {\"a\": {\"b\": 1}} }}\n<p>{{a.b}}</p>\n",
        "amd/src/a.js": code(MAIN, ""), "amd/build/a.min.js": "", "amd/build/a.min.js.map": "",
        "classes/privacy/provider.php": code(MAIN, "add_database_table('local_archivist_job')"),
        "classes/plugininfo/archiver.php": code(MAIN, ""),
        "archiver/x/version.php": code("archiver_x", version.format("archiver_x")),
        "archiver/x/lang/en/archiver_x.php": code("archiver_x", "$string['pluginname'] = 'X';\n"),
        "archiver/x/lang/de/archiver_x.php": code("archiver_x", "$string['pluginname'] = 'X';\n"),
        "archiver/x/classes/privacy/provider.php": code("archiver_x", ""),
    }
    for end in TASK_EVENTS:
        files[f"archiver/x/classes/event/task_{end}.php"] = code("archiver_x", "")
    return files


# rule, path, text that is replaced, by what (None: the file is gone)
BREACHES = [
    (newer_php, "lib.php", "require_capability", "final readonly class a {}\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "readonly class a {}\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "function a((b&c)|null $d) {}\nclass e { private (b&c)|null $f; }\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "function a(): true {}\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "class a { const string B = ''; }\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "json_validate($a);\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "new a()->b();\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "class a { public private(set) int $b; }\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "class a { public int $b { get => 1; } }\nrequire_capability"),
    (newer_php, "lib.php", "require_capability", "array_find($a, $b);\nrequire_capability"),
    (database, "version.php", "2026010100", "20260101"),
    (database, "version.php", "2026010100", "2025010100"),
    (database, "db/install.xml", "</TABLES>", ""),
    (database, "db/install.xml", "local_archivist_job", "local_other_job"),
    (database, "db/install.xml", 'TYPE="char"', 'TYPE="char" DEFAULT=""'),
    (database, "db/upgrade.php", "true, 2026010100", "true, 2026010101"),
    (strings, "lib.php", "'gone'", "'lost'"),
    (strings, "lang/de/local_archivist.php", "gone", "lost"),
    (strings, "lang/de/local_archivist.php", "{$a} ", ""),
    (strings, "lang/en/local_archivist.php", "'gone'", "'other'"),
    (strings, "lib.php", "get_string('gone', 'local_archivist');", ""),
    (strings, "archiver/x/lang/de/archiver_x.php", None, None),
    (strings, "templates/a.mustache", "<p>", "{{#str}} lost, local_archivist {{/str}}"),
    (subplugins, "db/subplugins.json", "local/archivist/archiver", "local/archivist/other"),
    (subplugins, "classes/plugininfo/archiver.php", None, None),
    (capabilities, "lib.php", "local/archivist:view", "local/archivist:fly"),
    (capabilities, "lang/en/local_archivist.php", "archivist:view", "archivist:sea"),
    (templates, "templates/a.mustache", "local_archivist/a", "local_archivist/b"),
    (templates, "templates/a.mustache", '"b": 1', '"b": '),
    (templates, "templates/a.mustache", '"b": 1', '"b": 1, "b": 2'),
    (templates, "templates/a.mustache", "<p>{{a.b}}</p>\n", "<p>{{a.b}}</p>\n<p>{{a.b}}</p>\n"),
    (ways, "lib.php", "require_capability", "echo $OUTPUT->header();\nrequire_capability"),
    (scripts, "amd/build/a.min.js.map", None, None),
    (scripts, "amd/src/a.js", None, None),
    (headers, "lib.php", "GNU General", "Other"),
    (headers, "archiver/x/version.php", "@package    archiver_x", "@package    local_archivist"),
    (headers, "lib.php", "require_capability", "// TO" "DO\nrequire_capability"),
    (privacy, "classes/privacy/provider.php", "local_archivist_job", "other"),
    (privacy, "archiver/x/classes/privacy/provider.php", None, None),
    (events, "archiver/x/classes/event/task_failed.php", None, None),
]


def self_test():
    """Names of breaches that a rule does not see, or of rules that object to the sound plugin."""
    blind = [f"{rule.__name__} objects to a plugin without a fault: {faults[0]}" for rule in RULES
             if (faults := rule(Plugin(sound_files())))]
    for rule, path, old, new in BREACHES:
        files = sound_files()
        if old is None:
            del files[path]
        else:
            assert old in files[path], (path, old)
            files[path] = files[path].replace(old, new)
        if not rule(Plugin(files)):
            blind.append(f"{rule.__name__} does not object to {path}: {old} -> {new}")
    return blind, len(RULES) + len(BREACHES)


# ---- the tree --------------------------------------------------------------------------------------------

def read_tree(folder):
    files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, encoding="utf-8", errors="replace") as f:
                files[os.path.relpath(path, folder)] = f.read()
    return files


def syntax_faults(folder, paths):
    def lint(path):
        done = subprocess.run(["php", "-l", path], cwd=folder, capture_output=True, text=True, check=False)
        return [] if done.returncode == 0 else [f"{path}: {(done.stdout + done.stderr).strip()}"]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [fault for faults in pool.map(lint, paths) for fault in faults]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, "moodle_plugin")
    files = read_tree(folder)
    plugin = Plugin(files)
    blind, count = self_test()
    for name in blind:
        print(f"FAILED self-test: {name}")
    passed, failed = count - len(blind), len(blind)
    results = [("syntax", syntax_faults(folder, [p for p in sorted(files) if p.endswith(".php")]))]
    results += [(rule.__name__, rule(plugin)) for rule in RULES]
    for name, faults in results:
        for fault in faults:
            print(f"FAILED {name}: {fault}")
        passed, failed = passed + (not faults), failed + bool(faults)
        if not faults:
            print(f"ok {name}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
