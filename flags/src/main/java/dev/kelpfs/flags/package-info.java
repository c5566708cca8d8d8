/**
 * Flags as the reference writes them, which is the syntax of Go's {@code flag} package: one dash or two,
 * {@code -name=value} or {@code -name value}, switches that take a value only with {@code =}, parsing that stops at the
 * first positional. Start at {@link dev.kelpfs.flags.CommandLine}.
 *
 * <p>Everything here is a pure function of the arguments, the environment and the text of an options file. It is written
 * by ourselves, not with a command-line library: those put short options into clusters, let flags follow positionals,
 * refuse a flag that comes twice and have their own messages, and each of these rules would have to be switched off; and
 * the little there is to write starts in a millisecond.
 *
 * <p>Source: command line, sections 1 and 3.
 */
@NullMarked
package dev.kelpfs.flags;

import org.jspecify.annotations.NullMarked;
