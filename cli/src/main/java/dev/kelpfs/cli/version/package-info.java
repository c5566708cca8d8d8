/** The sub-command {@code version}. */
@NullMarked
package dev.kelpfs.cli.version;

import org.jspecify.annotations.NullMarked;
