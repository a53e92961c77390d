"""Kill workers with -9 at bad moments and count what was lost, doubled or not told."""

from bench.kill_worker import main

if __name__ == "__main__":
    main()
