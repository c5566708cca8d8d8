package dev.kelpfs.disk.real;

import dev.kelpfs.disk.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;

/** A program of its own that takes the lock it is told and keeps it until it is killed. */
final class LockTaker {
    static final int REFUSED = 3;

    private LockTaker() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            RealDisk.create().lock(Path.of(args[0]), "taker " + ProcessHandle.current().pid());
        } catch (LockHeldException held) {
            System.out.println(held.getMessage());
            System.exit(REFUSED);
        }
        System.out.println("locked");
        Thread.currentThread().join();
    }
}
