/** Commands that begin with {@code collection.}, one file each. Source: admin shell, section 5. */
@NullMarked
package dev.kelpfs.shell.collection;

import org.jspecify.annotations.NullMarked;
