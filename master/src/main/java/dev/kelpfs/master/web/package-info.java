/**
 * The HTTP door: parses parameters, asks, renders JSON as the reference does. Start at
 * {@link dev.kelpfs.master.web.MasterRoutes}. Source: master, section 3.
 */
@NullMarked
package dev.kelpfs.master.web;

import org.jspecify.annotations.NullMarked;
