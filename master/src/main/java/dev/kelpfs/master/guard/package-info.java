/** What is signed for whom. Pure but for the clock that is passed in. Source: master, section 3.3. */
@NullMarked
package dev.kelpfs.master.guard;

import org.jspecify.annotations.NullMarked;
