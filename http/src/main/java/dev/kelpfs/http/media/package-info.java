/**
 * Media types: the syntax of {@code Content-Type} and {@code Content-Disposition}, types by name extension, and types
 * guessed from the first bytes. Pure functions over text and bytes. Start at {@link dev.kelpfs.http.media.MediaType}.
 *
 * <p>Sources: volume server, sections 3.4, 3.10 and 3.17; the MIME sniffing standard of the WHATWG.
 */
@NullMarked
package dev.kelpfs.http.media;

import org.jspecify.annotations.NullMarked;
