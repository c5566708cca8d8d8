package dev.kelpfs.master.topology;

/**
 * A server of which somebody says that it does not answer.
 *
 * @param stream the stream that spoke for it then; with another one it has come anew
 */
public record Suspect(Place place, BeatStream stream) {}
