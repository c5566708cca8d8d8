/** Commands that begin with {@code cluster.}, one file each. Source: admin shell, section 4. */
@NullMarked
package dev.kelpfs.shell.cluster;

import org.jspecify.annotations.NullMarked;
