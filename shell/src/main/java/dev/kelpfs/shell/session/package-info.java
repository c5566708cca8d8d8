/** Commands about the session itself, one file each: the lock, waiting. Source: admin shell, section 2. */
@NullMarked
package dev.kelpfs.shell.session;

import org.jspecify.annotations.NullMarked;
