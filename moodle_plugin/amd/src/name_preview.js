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

/**
 * Shows the name that a pattern gives while it is typed.
 *
 * @module     local_archivist/name_preview
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Follows the field. A variable that does not exist is left as it stands: saving says what is wrong with it.
 *
 * @param {string} id of the field
 * @param {Object<string, string>} values by variable
 */
export const init = (id, values) => {
    const field = document.getElementById(id);
    const preview = document.getElementById(`${id}_preview`);
    field.addEventListener('input', () => {
        preview.textContent = field.value.replace(/\$\{\s*([a-z]+)\s*\}/g, (match, name) => values[name] ?? match);
    });
};
