package stream

// chunk is what a client must take within the write timeout.
const chunk = 64 << 10

// InChunks has what is to be sent written piece by piece, each of which the client must take within the write
// timeout. It leaves a long message unfinished when all streams are to end, and fails with ErrClosing: the client
// begins it anew elsewhere.
func InChunks(message []byte, closing <-chan struct{}, write func([]byte) (int, error)) (written int, err error) {
	for {
		n, err := write(message[written:min(written+chunk, len(message))])
		if written += n; err != nil || written >= len(message) {
			return written, err
		}
		if isClosed(closing) {
			return written, ErrClosing
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
