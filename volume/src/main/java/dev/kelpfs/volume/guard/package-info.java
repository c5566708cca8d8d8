/**
 * Who may do what with a file, by signed tokens. Pure rules; the HTTP packages ask them before they act. Start at
 * {@link dev.kelpfs.volume.guard.TokenKey}.
 */
@NullMarked
package dev.kelpfs.volume.guard;

import org.jspecify.annotations.NullMarked;
