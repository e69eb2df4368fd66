package release

import "time"

// Kill says that somebody has closed a flag in one environment: it serves its off variation there, whatever its
// configuration and its release say, until it is restored.
type Kill struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func (k Kill) describe() string {
	text := "killed by " + k.By
	if k.Reason != "" {
		text += " (" + k.Reason + ")"
	}
	return text
}
