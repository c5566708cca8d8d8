/**
 * The vocabulary of Kelp: ids, addresses, placement, time to live, and the doors through which time enters.
 *
 * <p>Everything here is a value or a function; nothing opens a file or a socket. Start at {@link FileId}. Parsing
 * rules and text forms are those of the reference (storage formats, sections 2 and 7; master, section 1), because
 * its clients send them; where the reference swallows nonsense, these types refuse it with the reason.
 *
 * <p>This room knows no other room and is compiled for Java 17, where programs that embed the client live.
 */
@NullMarked
package dev.kelpfs.core;

import org.jspecify.annotations.NullMarked;
