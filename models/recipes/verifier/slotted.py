"""Intents of clinc150 whose texts carry what the answer depends on: a city, a time, a word to translate.

Two texts of such an intent have one label and yet are not the same question, so no positive pair is made of them.
"""

SLOTTED = frozenset(
    """
    accept_reservations alarm application_status balance bill_balance bill_due book_flight book_hotel calculator calendar
    calendar_update calories cancel_reservation car_rental carry_on change_accent change_ai_name change_language change_speed
    change_user_name change_volume confirm_reservation cook_time current_location date definition directions distance
    exchange_rate flight_status food_last gas_type how_busy ingredient_substitution ingredients_list interest_rate
    international_fees international_visa make_call meal_suggestion measurement_conversion meeting_schedule min_payment
    next_holiday nutrition_info order order_status payday pay_bill play_music plug_type pto_request recipe reminder
    reminder_update restaurant_reservation restaurant_reviews restaurant_suggestion routing schedule_maintenance
    schedule_meeting share_location shopping_list shopping_list_update smart_home spelling spending_history sync_device text time
    timer timezone todo_list todo_list_update traffic transactions transfer translate travel_alert travel_notification
    travel_suggestion uber update_playlist user_name vaccines weather what_song oos
    """.split()
)
