/**
 * The needle record: how one stored file lies in a {@code .dat} file. Start at
 * {@link dev.kelpfs.storage.needle.NeedleRecord} for reading and {@link dev.kelpfs.storage.needle.NeedleDraft} for
 * writing. Bytes in, values out: nothing here opens a file.
 *
 * <p>Source: storage formats, section 5. Every integer is big-endian.
 */
@NullMarked
package dev.kelpfs.storage.needle;

import org.jspecify.annotations.NullMarked;
