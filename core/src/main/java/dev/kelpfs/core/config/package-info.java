/**
 * Configuration files: where they are looked for, how they merge into one key space, how the environment overrides
 * them, and which keys exist. Start at {@link ConfigurationLoader}; a component reads its settings from
 * {@link Configuration} once, at start, into its own immutable record.
 *
 * <p>Nothing here opens a file: the caller passes in how a file is read and what the environment holds. The rules are
 * those of the reference (command line and configuration, section 15), except that an unknown key is reported instead
 * of being swallowed. Text forms of durations and the search for the nearest name live here too, because flags use the
 * same ones.
 */
@NullMarked
package dev.kelpfs.core.config;

import org.jspecify.annotations.NullMarked;
