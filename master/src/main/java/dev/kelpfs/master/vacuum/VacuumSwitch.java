package dev.kelpfs.master.vacuum;

import java.util.function.BooleanSupplier;

/**
 * Whether volumes are vacuumed by themselves on this master: one switch for operators, one for the admin server, which
 * counts only while that server lives. In memory; safe for all threads.
 */
public final class VacuumSwitch {
    private final BooleanSupplier adminServerLives;
    private volatile boolean offByOperator;
    private volatile boolean offByPlugin;

    public VacuumSwitch(BooleanSupplier adminServerLives) {
        this.adminServerLives = adminServerLives;
    }

    /** @param byPlugin the switch of the admin server, not that of operators */
    public void set(boolean on, boolean byPlugin) {
        if (byPlugin) offByPlugin = !on;
        else offByOperator = !on;
    }

    public boolean isOn() {
        if (offByPlugin && !adminServerLives.getAsBoolean()) offByPlugin = false;
        return !offByOperator && !offByPlugin;
    }
}
