/** The sub-command {@code shell}, which wires the room of that name. */
@NullMarked
package dev.kelpfs.cli.shell;

import org.jspecify.annotations.NullMarked;
