/**
 * What a sub-command is and what it is given. Start at {@link dev.kelpfs.cli.command.Command}: one class implements it
 * per sub-command, in a package of its own subject, and {@code dev.kelpfs.cli.Commands} lists them all.
 */
@NullMarked
package dev.kelpfs.cli.command;

import org.jspecify.annotations.NullMarked;
