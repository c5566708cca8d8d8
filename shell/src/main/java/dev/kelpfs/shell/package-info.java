/**
 * The administration shell: commands that are typed, or piped in, and done by masters and volume servers over gRPC. Start
 * at {@link dev.kelpfs.shell.Shell}; {@link dev.kelpfs.shell.Commands} lists the commands, each a file of its own in the
 * package of its prefix.
 *
 * <p>A new command is a class beside its siblings and a line in that list. What it prints as a list can be had as JSON, what
 * it reports as done it has looked at afterwards, and what fails is an exception whose text tells the next step.
 *
 * <p>Source: admin shell.
 */
@NullMarked
package dev.kelpfs.shell;

import org.jspecify.annotations.NullMarked;
