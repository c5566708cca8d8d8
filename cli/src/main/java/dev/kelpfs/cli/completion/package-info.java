/**
 * Completion in shells: the sub-commands {@code autocomplete} and {@code autocomplete.uninstall}. Start at
 * {@link dev.kelpfs.cli.completion.AutocompleteCommand}. The scripts hold all commands and flags, so that a shell completes
 * without starting a JVM; they are made from the commands themselves, so that they cannot be out of date.
 */
@NullMarked
package dev.kelpfs.cli.completion;

import org.jspecify.annotations.NullMarked;
