/** Commands that begin with {@code volume.}, one file each. Source: admin shell, sections 6 and 7.2. */
@NullMarked
package dev.kelpfs.shell.volume;

import org.jspecify.annotations.NullMarked;
