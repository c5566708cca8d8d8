/**
 * Where each needle lies: rows of the {@code .idx} file, and the index in memory that is made from them. Start at
 * {@link dev.kelpfs.storage.index.NeedleIndex}.
 *
 * <p>Source: storage formats, section 6.
 */
@NullMarked
package dev.kelpfs.storage.index;

import org.jspecify.annotations.NullMarked;
