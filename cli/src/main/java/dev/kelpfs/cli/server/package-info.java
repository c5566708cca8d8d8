/**
 * The sub-commands that serve: {@code master}, {@code volume}, and {@code server} for both in one process. Start at
 * {@link dev.kelpfs.cli.server.ServerCommand}.
 *
 * <p>Each command has three parts: a table of flags ({@code ...Flags}), a pure function from flags and configuration to the
 * settings record of its component ({@code ...Settings}), and the command that starts what the records say.
 * {@link dev.kelpfs.cli.server.ServingProcess} owns what the servers of one process share and stops everything in reverse
 * order.
 *
 * <p>Source: command line, sections 4, 6, 7 and 9.1.
 */
@NullMarked
package dev.kelpfs.cli.server;

import org.jspecify.annotations.NullMarked;
