/**
 * Bodies of several parts ({@code multipart/form-data}), read as they come. {@link MultipartReader} is for bodies that
 * are streamed, {@link MultipartParts} for those that are in memory, which it only cuts into slices. Both keep nothing
 * but a bounded window, bound headers and number of parts, and report a body that ends too early.
 *
 * <p>{@code PartScanner} knows the syntax (RFC 2046, 5.1; RFC 7578), {@code Delimiter} finds it fast.
 *
 * <p>Source: volume server, section 3.10.
 */
@NullMarked
package dev.kelpfs.http.multipart;

import org.jspecify.annotations.NullMarked;
