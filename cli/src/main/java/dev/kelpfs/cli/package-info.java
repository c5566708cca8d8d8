/**
 * The {@code weed} command. Start at {@link dev.kelpfs.cli.Weed}, which reads the command line and hands over to a
 * sub-command; {@link dev.kelpfs.cli.Commands} lists them; {@link dev.kelpfs.cli.Main} puts the real world together.
 *
 * <p>This is the outermost room, the only one that knows real clocks, the environment, signals and the end of the process,
 * and the only place where parts are wired together: by plain constructors, one file a sub-command. Rules (which value a
 * flag has, what a configuration forbids) are functions in packages of their own and are tested without a process.
 */
@NullMarked
package dev.kelpfs.cli;

import org.jspecify.annotations.NullMarked;
