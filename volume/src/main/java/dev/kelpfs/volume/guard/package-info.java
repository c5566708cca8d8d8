/**
 * Who may do what: the white list by address, and signed tokens by file. Pure rules; the HTTP and gRPC packages ask
 * them before they act. Start at {@link dev.kelpfs.volume.guard.WhiteList} and
 * {@link dev.kelpfs.volume.guard.TokenKey}.
 */
@NullMarked
package dev.kelpfs.volume.guard;

import org.jspecify.annotations.NullMarked;
