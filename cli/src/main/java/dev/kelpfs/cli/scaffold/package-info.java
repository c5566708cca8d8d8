/**
 * The sub-command {@code scaffold} and its samples, which lie beside it as resources: every key of every configuration file
 * with its default and what it is for. A test holds them against the keys that are known.
 */
@NullMarked
package dev.kelpfs.cli.scaffold;

import org.jspecify.annotations.NullMarked;
