import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

type Props = Omit<ModalProps, "opened" | "closeButtonProps" | "returnFocus">;

/** Dialog is open for as long as it is mounted; then the focus goes back to where it was. */
export function Dialog(props: Props) {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) {
        opener.focus();
      }
    },
    [opener],
  );
  return <Modal {...props} opened returnFocus={false} closeButtonProps={{ "aria-label": "Close" }} />;
}
