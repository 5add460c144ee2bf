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

namespace local_archivist;

/**
 * Tests of the states of a job and of the ways between them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\state
 */
final class state_test extends \advanced_testcase {
    /**
     * Numbers, ends and ways are those of the engine.
     */
    public function test_same_as_the_engine(): void {
        if (!engine::is_ready()) {
            $this->markTestSkipped(engine::problem());
        }
        $constants = (new \ReflectionClass(state::class))->getConstants();
        $numbers = array_filter($constants, 'is_int');
        $natives = \Archivist\State::cases();
        $this->assertEqualsCanonicalizing(array_column($natives, 'value'), array_values($numbers));
        foreach ($natives as $native) {
            $name = strtoupper(preg_replace('/(?<!^)[A-Z]/', '_$0', $native->name));
            $this->assertSame($native->value, $numbers[$name], $name);
            $this->assertSame($native->isFinal(), state::is_final($native->value), $name);
            foreach ($natives as $next) {
                $ways = "{$native->name} -> {$next->name}";
                $this->assertSame($native->mayBecome($next), state::may_become($native->value, $next->value), $ways);
            }
        }
    }

    /**
     * Every state has a name for machines and one for people; what is unknown leads nowhere.
     */
    public function test_names(): void {
        $names = array_map([state::class, 'name'], state::all());
        $this->assertCount(13, array_unique($names));
        foreach (state::all() as $state) {
            $this->assertNotSame('', state::label($state));
        }
        $this->assertSame('unknown', state::name(42));
        $this->assertFalse(state::is_final(42) || state::may_become(42, state::QUEUED) || state::may_become(state::QUEUED, 42));
    }
}
