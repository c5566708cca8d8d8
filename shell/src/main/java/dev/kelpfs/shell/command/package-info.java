/**
 * What a command of the shell is, and what it is given. Start at {@link dev.kelpfs.shell.command.ShellCommand}: one class
 * implements it per command, in a package named after the command's prefix, and {@code dev.kelpfs.shell.Commands} lists
 * them all.
 */
@NullMarked
package dev.kelpfs.shell.command;

import org.jspecify.annotations.NullMarked;
