/**
 * When volumes are made, how many, and their making: the rules are pure, {@code Grower} carries them out. Growth of
 * different layouts goes on in parallel, and a server that fails is left alone for a while, so that it neither stalls
 * others nor uses up volume ids. Source: master, section 6.
 */
@NullMarked
package dev.kelpfs.master.growth;

import org.jspecify.annotations.NullMarked;
