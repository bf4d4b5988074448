// Every word the widget says, in one place. Another language is another file with these names.

export const chat = "Chat";
export const closeChat = "Close chat";
export const unread = (count: number) => `${count} unread`;
export const conversation = "Conversation";
export const you = "You";
export const assistant = "Assistant";
export const message = "Your message";
export const placeholder = "Write a message…";
export const send = "Send message";
export const quickReplies = "Suggested replies";
export const progress = "Progress";
export const progressOf = (filled: number, required: number) => `${filled} of ${required}`;
export const options = "Chat options";
export const endChat = "End chat";
export const endAndForget = "End and forget on this device";
export const endQuestion = "End this chat?";
export const forgetQuestion = "End this chat and forget it on this device?";
export const endConfirm = "Yes, end it";
export const keepChatting = "Keep chatting";
export const newChat = "Start a new chat";
export const typing = "The assistant is typing";
export const waitingToSend = "Waiting to send";
export const sending = "Sending…";
export const connecting = "Connecting…";
export const offline = "You are offline. Keep typing: your messages are sent when you are back.";
export const reconnecting = "The connection was lost. Reconnecting…";
export const asleep = "This chat is paused. Write a message to go on.";
export const unavailable = "The chat is not available right now. Please contact us another way.";
export const completedTitle = "All done, thank you";
export const completedText = "Your answers have been received. There is nothing more to do.";
export const closedTitle = "This chat has ended";
export const closedText = "You can start a new one whenever you like.";
export const forgotten = "The chat was forgotten on this device.";
export const handoff = "A member of the team will take it from here.";
export const tooLong = "This message is too long. Shorten it, or send it in two parts.";

/** By the gateway's error code; any other code is `unavailable`. */
export const refusals: Record<string, string> = {
  message_too_long: tooLong,
  session_closed: "This chat has ended, so the message was not sent.",
  budget_spent: "This chat is closed for today, so the message was not sent.",
  session_replaced: "The earlier chat has ended. Send your message here instead.",
  origin_not_allowed: "The chat is not set up for this website.",
};
