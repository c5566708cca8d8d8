/**
 * How a command tells a person at a terminal how far its work is; in a pipe it stays quiet. Start at
 * {@link dev.kelpfs.cli.progress.Progress}.
 */
@NullMarked
package dev.kelpfs.cli.progress;

import org.jspecify.annotations.NullMarked;
