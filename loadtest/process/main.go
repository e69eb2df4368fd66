package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// Main is the main function of a load program. It calls run with a new folder, which it removes at the end, and with
// the flagd to measure. That is binary or, if binary is empty, a flagd that Main builds. The context ends after
// longest at the latest, and when the program is interrupted. Main prints a failure, and the program then exits with
// 1.
func Main(name, binary string, longest time.Duration, run func(ctx context.Context, folder, binary string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithTimeout(ctx, longest)
	err := inFolder(ctx, name, binary, run)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func inFolder(
	ctx context.Context,
	name, binary string,
	run func(ctx context.Context, folder, binary string) error,
) (err error) {
	folder, err := os.MkdirTemp("", "tidegate-"+name+"-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if binary == "" {
		if binary, err = Build(ctx, folder); err != nil {
			return err
		}
	}
	return run(ctx, folder, binary)
}
